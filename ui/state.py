"""What a page is given: the workspace, its store and catalogue, its query parameters, and what it remembers.

The only module that touches query parameters; `ui/memory.py`, which it hands on, is the only one that touches the
session.
"""

import time
from functools import lru_cache
from typing import Any, NoReturn
from urllib.parse import urlencode, urlsplit

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_run_context import ThreadState

from leyden.datasets.profile import Profile
from leyden.home import PROJECT
from leyden.palette import Mode
from leyden.store.records import Dataset
from ui.memory import (
    change,
    edited,
    flash,
    flash_failure,
    forget,
    is_in_callback,
    recall,
    remember,
    set_widget,
    show_flashes,
    undisturbed,
    widget_key,
    widget_value,
)
from ui.routes.access import is_loopback
from ui.words import _
from ui.workspace import catalogue, home, store

__all__ = [
    "catalogue",
    "change",
    "edited",
    "flash",
    "flash_failure",
    "forget",
    "home",
    "recall",
    "remember",
    "set_widget",
    "show_flashes",
    "store",
    "undisturbed",
    "widget_key",
    "widget_value",
]

_DEPARTURE = "leyden.departure"
_ADDRESS, _OWN, _PAGE = "leyden.address", "leyden.own-parameters", "leyden.address-page"
"""The parameters of this page as they were last set, the names of all that it has, and which page that is."""
_REPLACED = "leyden.replaced-addresses"
"""The parameters that this page had before each change, and when the browser was told of it; None: not yet."""
MOST_REPLACED = 20
ON_ITS_WAY_S = 5.0
"""So long a change of the address may be on its way to a browser."""


# -- the workspace


def profile(dataset: Dataset) -> Profile:
    """The profile of a dataset with the kinds that a person chose."""
    return inferred_profile(dataset.id).with_kinds(dataset.kinds)


def inferred_profile(dataset_id: str) -> Profile:
    """The profile of a dataset as it was read; kept in memory, for datasets never change, while its files are there.

    Raises:
        DataError: Its files are not there.
    """
    return _load_profile(str(home().root), dataset_id, (home().dataset(dataset_id) / "profile.json").is_file())


@lru_cache(maxsize=64)
def _load_profile(root: str, dataset_id: str, is_there: bool) -> Profile:
    # `root` and `is_there` only tell the entries apart; what is raised is not kept.
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
    return _address().get(name) or None


def set_parameter(name: str, value: str | None) -> None:
    """Changes a query parameter without leaving the page; None removes it.

    In a callback the session's notes alone are changed. The page that is drawn next tells the browser.
    """
    with undisturbed():
        before = _address()
        address = {key: kept for key, kept in before.items() if key != name}
        address |= {name: value} if value else {}
        if address != before:
            replaced = [*recall(_REPLACED, ()), (before, None)]
            remember(_REPLACED, tuple(replaced[-MOST_REPLACED:]))
        remember(_ADDRESS, address)
        if address != before and not is_in_callback():
            _tell(address)


def _address() -> dict[str, str]:
    """The query parameters: as the session has them, to a callback; to the page, as the address has them.

    Streamlit gives a callback what the browser asked with, which may be older.
    """
    kept: dict[str, str] | None = recall(_ADDRESS, None) if is_in_callback() else None
    return st.query_params.to_dict() if kept is None else kept


def _tell(address: dict[str, str]) -> None:
    """Has the browser show this address, and notes when those before it were replaced."""
    if st.query_params.to_dict() != address:
        st.query_params.from_dict(address)
    replaced: tuple[tuple[dict[str, str], float | None], ...] = recall(_REPLACED, ())
    now = time.monotonic()
    remember(_REPLACED, tuple((before, now if at is None else at) for before, at in replaced))


def own_parameters(*names: str) -> bool:
    """Removes the query parameters that another page left behind; call first in each page.

    Streamlit changes the parameters of an address before its page, and each is a step of the browser's history: who
    goes Back comes to this page with the parameters of the next one. Then the page is as it was left.

    Returns:
        Whether the page was just opened: this session showed another one before, or none. A page that is drawn for a
        newer click, which ended this one, is told nothing of it.
    """
    context = get_script_run_ctx()
    page = context.page_script_hash if context else None
    with undisturbed():
        keep_address(ON_ITS_WAY_S)
        is_opened = page != recall(_PAGE, None)
        if is_opened:
            remember(_left(recall(_OWN, ())), recall(_ADDRESS, {}))
        given = st.query_params.to_dict()
        address = {name: value for name, value in given.items() if name in names}
        if given and not address:
            address = recall(_left(names), {})
        if address != given:
            st.query_params.from_dict(address)
        if is_opened or address != recall(_ADDRESS, None):
            forget(_REPLACED)  # A link or Back led here.
        remember(_ADDRESS, address)
        remember(_OWN, names)
        remember(_PAGE, page)
    return is_opened


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
        within_s: Seconds since the browser was told of the change after which it is a link; None for a part of a page
            that is drawn alone, to which no link leads.
    """
    context = get_script_run_ctx()
    address: dict[str, str] | None = recall(_ADDRESS, None)
    if address is None or context is None or is_back() or context.page_script_hash != recall(_PAGE, None):
        return
    given, now = st.query_params.to_dict(), time.monotonic()
    is_late = any(
        given == before and (at is None or now - at < (within_s or 0)) for before, at in recall(_REPLACED, ())
    )
    if given == address or within_s is None or is_late:
        _tell(address)


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
    recall(_ADDRESS, None)  # A page that is out of date ends here, and not with the parts of the newer one.
    _end_refreshing()
    st.switch_page(page_file(page), query_params={name: value for name, value in query.items() if value})


def _end_refreshing() -> None:
    """Ends the parts of this page that refresh by themselves.

    A browser that is slow to learn of the new page asks for them once more. Streamlit would answer in the name of the
    page that was left, and the browser would then clear the one that is there and show nothing until a reload.
    """
    context = get_script_run_ctx()
    if context is not None:
        # First: a press in one of them would else be taken for one on this page, whose part has gone.
        pages, own = context.pages_manager, ThreadState.get().active_script_hash
        if own in (pages.main_script_hash, pages.current_page_script_hash):  # No newer click led elsewhere.
            pages.set_current_page_script_hash("")
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
    remember(_DEPARTURE, (_shown_page(), page, query))
    st.rerun(scope="app")


def depart() -> None:
    """Leaves if `go_next` said so and no link was clicked since; the shell calls it before it draws a page."""
    departure = recall(_DEPARTURE, None)
    forget(_DEPARTURE)
    if departure is not None:
        left, page, query = departure
        if left == _shown_page():
            go(page, **query)


def _shown_page() -> str:
    """The page that this session is on, as Streamlit tells pages apart."""
    context = get_script_run_ctx()
    return "" if context is None else context.page_script_hash
