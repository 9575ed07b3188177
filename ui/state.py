"""What a page is given: the workspace, its store and catalogue, its query parameters, and what it remembers.

The only module that touches session state and query parameters.
"""

import time
from collections.abc import Callable
from functools import lru_cache
from typing import Any, NoReturn, TypeVar
from urllib.parse import urlencode, urlsplit

import streamlit as st
from streamlit.runtime.scriptrunner import RerunException, get_script_run_ctx

from leyden.datasets.profile import Profile
from leyden.errors import LeydenError
from leyden.home import PROJECT
from leyden.palette import Mode
from leyden.store.records import Dataset
from ui.format import plain
from ui.routes.access import is_loopback
from ui.words import _
from ui.workspace import catalogue, home, store

__all__ = ["catalogue", "home", "store"]

T = TypeVar("T")
_FLASHES = "leyden.flashes"
_DEPARTURE = "leyden.departure"
_ADDRESS, _OWN, _PAGE = "leyden.address", "leyden.own-parameters", "leyden.address-page"
"""The parameters of this page as they were last set, the names of all that it has, and which page that is."""
_REPLACED = "leyden.replaced-addresses"
"""The parameters that this page had before each change, and when it changed them."""
MOST_REPLACED = 20
ON_ITS_WAY_S = 5.0
"""So long a change of the address may be on its way to a browser."""


# -- the workspace


def profile(dataset: Dataset) -> Profile:
    """The profile of a dataset with the kinds that a person chose."""
    return inferred_profile(dataset.id).with_kinds(dataset.kinds)


def inferred_profile(dataset_id: str) -> Profile:
    """The profile of a dataset as it was read; kept in memory, because datasets never change."""
    return _load_profile(str(home().root), dataset_id)


@lru_cache(maxsize=64)
def _load_profile(root: str, dataset_id: str) -> Profile:
    # `root` only tells the entries apart.
    from leyden.datasets.read import load_profile

    return load_profile(home(), dataset_id)


def mode() -> Mode:
    """Whether the reader's theme is light or dark (light until the browser has said)."""
    return "dark" if st.context.theme.type == "dark" else "light"


def exposed_address() -> str | None:
    """The address the server listens on when others than this machine can reach it; None otherwise."""
    address = str(st.get_option("server.address") or "")
    return None if is_loopback(address) else address or _("every address of this machine")


# -- the address


def parameter(name: str) -> str | None:
    """A query parameter of this page's address; the last one when it is given several times."""
    return st.query_params.get(name) or None


def set_parameter(name: str, value: str | None) -> None:
    """Changes a query parameter without leaving the page; None removes it."""
    keep_address(ON_ITS_WAY_S)
    before = st.query_params.to_dict()
    address = {**before, name: value} if value else {key: kept for key, kept in before.items() if key != name}
    # The address itself comes last: the next click may cut this off anywhere, and it is then done once more.
    if address != before:
        replaced = [*recall(_REPLACED, ()), (before, time.monotonic())]
        remember(_REPLACED, tuple(replaced[-MOST_REPLACED:]))
    remember(_ADDRESS, address)
    if address != before:
        st.query_params.from_dict(address)


def own_parameters(*names: str) -> None:
    """Removes the query parameters that another page left behind; call first in each page.

    Streamlit changes the parameters of an address before its page, and each is a step of the browser's history: who
    goes Back comes to this page with the parameters of the next one. Then the page is as it was left.
    """
    keep_address(ON_ITS_WAY_S)
    others = [name for name in st.query_params if name not in names]
    for name in others:
        del st.query_params[name]
    if others and not st.query_params.to_dict():
        st.query_params.from_dict(recall(_left(names), {}))
    address, context = st.query_params.to_dict(), get_script_run_ctx()
    if address != recall(_ADDRESS, None):
        forget(_REPLACED)  # A link or Back led here.
    remember(_ADDRESS, address)
    remember(_OWN, names)
    remember(_PAGE, context.page_script_hash if context else None)


def _left(names: tuple[str, ...]) -> str:
    """Where the session keeps the parameters that a page was left with, by the names of all that it has."""
    return f"leyden.left.{','.join(names)}"


def is_arrival() -> bool:
    """Whether this session has not shown a page yet: somebody reloaded, or came by a link. Before `own_parameters`."""
    return recall(_ADDRESS, None) is None


def is_back() -> bool:
    """Whether the browser went Back or Forward to what is asked for now."""
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation


def keep_address(within_s: float | None = None) -> None:
    """Goes on with the parameters as they were last set, where the browser has not got the last change yet.

    It then asks with parameters that this page has replaced, along with a click that came quickly: what was chosen
    just before would be lost. Who goes Back comes with such parameters, too, but the browser says so. A link to this
    page may lead to them as well: it is followed a moment later.

    Args:
        within_s: Seconds since the change after which it is a link; None for what a timer asks, which is never one.
    """
    context, address = get_script_run_ctx(), recall(_ADDRESS, None)
    if address is None or context is None or is_back():
        return
    given, now = st.query_params.to_dict(), time.monotonic()
    if given == address or context.page_script_hash != recall(_PAGE, None):
        return
    is_late = any(given == before and now - at < (within_s or 0) for before, at in recall(_REPLACED, ()))
    if within_s is None or is_late:
        st.query_params.from_dict(address)


def url(page: str, **query: str | None) -> str:
    """Address of a page or a route, for links in HTML: `url("run", run="r1")` is `/run?run=r1`."""
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    path = "" if page == "home" else page.lstrip("/")
    encoded = urlencode({name: value for name, value in query.items() if value})
    return (f"/{base}" if base else "") + f"/{path}" + (f"?{encoded}" if encoded else "")


def origin() -> str:
    """Where a browser reaches this server, such as `http://127.0.0.1:8501`; for addresses to copy."""
    parts = urlsplit(st.context.url or "")
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else "http://127.0.0.1:8501"


def page_file(page: str) -> str:
    """The script of a page, as `st.page_link` and `st.switch_page` want it."""
    return str(PROJECT / "pages" / f"{page}.py")


def go(page: str, **query: str | None) -> NoReturn:
    """Leaves for another page: `go("run", run="r1")`."""
    _end_refreshing()
    remember(_left(recall(_OWN, ())), recall(_ADDRESS, {}))
    st.switch_page(page_file(page), query_params={name: value for name, value in query.items() if value})


def _end_refreshing() -> None:
    """Ends the parts of this page that refresh by themselves.

    A browser that is slow to learn of the new page asks for them once more. Streamlit would answer in the name of the
    page that was left, and the browser would then clear the one that is there and show nothing until a reload.
    """
    context = get_script_run_ctx()
    if context is not None:
        context.fragment_storage.clear()


def page_link(
    label: str, page: str, *, icon: str | None, help: str | None, width: Any, **query: str | None
) -> None:
    """A link to another page without a reload; `label` is Markdown. Pages use `layout.link`."""
    given = {name: value for name, value in query.items() if value}
    st.page_link(page_file(page), label=label, icon=icon, help=help, width=width, query_params=given or None)


def go_next(page: str, **query: str | None) -> NoReturn:
    """Leaves for another page from a part that refreshes by itself, by way of a whole run of the page.

    Left from inside such a part, a click that comes at the same moment can find neither page, and see none.
    """
    st.session_state[_DEPARTURE] = (page, query)
    st.rerun(scope="app")


def depart() -> None:
    """Leaves if `go_next` said so; the shell calls it before it draws a page."""
    departure = st.session_state.pop(_DEPARTURE, None)
    if departure is not None:
        page, query = departure
        go(page, **query)


# -- what a session remembers


def recall(key: str, default: T) -> T:
    """What this session remembers under a key. A reload forgets: what must last belongs into the store."""
    value: T = st.session_state.get(key, default)
    return value


def remember(key: str, value: Any) -> None:
    """Keeps a value for this session; also sets a widget of this key before it is drawn."""
    st.session_state[key] = value


def edited(name: str, value: T, write: Callable[[T], None]) -> dict[str, Any]:
    """Arguments for a widget whose default is `value`: its key (see `widget_key`), and `write` for every edit.

    A browser that has not got a page's new widgets yet sends those of before along with the next click, and to
    Streamlit that is an edit. What a widget was drawn with is none, once something else has replaced it.
    """
    key = widget_key(name, value)

    def on_change() -> None:
        now = recall(key, value)
        if now != value or key == _changed_key(name, recall(_counter(name), 0)):
            write(now)

    return {"key": key, "on_change": whole(on_change)}


def whole(callback: Callable[[], None]) -> Callable[[], None]:
    """The callback of a widget that is not cut off by the next click.

    Streamlit looks for a newer request whenever the session is touched, and drops what it was at. An edit is told of
    once alone: cut off before it was remembered, it would be lost, though the widget shows it.
    """

    def to_its_end() -> None:
        try:
            callback()
        except RerunException:
            callback()
            raise

    return to_its_end


def widget_key(name: str, value: Any) -> str:
    """Key for a widget whose default is `value`: another one whenever the value was changed by anything else.

    Setting a widget through the session instead gets lost when the browser asks for the page again before it has
    all of it: the widget then stays at its empty default. A default is part of the widget and cannot get lost.
    """
    changes: int = recall(_counter(name), 0)
    if recall(_changed_key(name, changes), value) != value:
        changes += 1
        remember(_counter(name), changes)
    return _changed_key(name, changes)


def _counter(name: str) -> str:
    return f"leyden.changes.{name}"


def _changed_key(name: str, changes: int) -> str:
    return f"{changes}.{name}" if changes else name


def forget(*keys: str) -> None:
    """Drops remembered values."""
    for key in keys:
        st.session_state.pop(key, None)


def flash(text: str) -> None:
    """Shows a short notice after the next rerun, on whatever page that is."""
    st.session_state.setdefault(_FLASHES, []).append((text, ":material/check:", "short"))


def flash_failure(error: LeydenError) -> None:
    """Shows what went wrong after the next rerun, until it is put away: its sentence may take some reading."""
    st.session_state.setdefault(_FLASHES, []).append((plain(error.message.text), ":material/error:", "infinite"))


def show_flashes() -> None:
    """Shows the waiting notices once; the shell calls it."""
    for text, icon, duration in st.session_state.pop(_FLASHES, []):
        st.toast(text, icon=icon, duration=duration)
