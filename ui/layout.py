"""The blocks that every page is built from: header, section, facts, empty state, failure, state mark, links.

They hold no knowledge of datasets or runs. Texts given to them are plain: they escape.
"""

from collections.abc import Iterable
from html import escape
from typing import Any, NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from leyden.errors import LeydenError
from leyden.messages.render import Message
from ui import state
from ui.address import whole
from ui.format import plain
from ui.words import STATES, _


class Fact(NamedTuple):
    """One label with its value; `help` is shown on hover, `html` means the value is ready-made HTML."""

    label: str
    value: str
    help: str = ""
    html: bool = False


def header(title: str, summary: str = "", *, back: tuple[str, str] | None = None) -> DeltaGenerator:
    """The top of a page.

    Args:
        title: The page's or the object's name.
        summary: One line below it.
        back: Label and page of the way up, for pages that are not in the menu.

    Returns:
        A row at the right of the title for the page's actions, the primary one last.
    """
    if back:
        link(back[0], back[1], icon=":material/arrow_back:")
    row = st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", key="ly-header"
    )
    body = f"<h1>{escape(title)}</h1>" + (f"<p>{escape(summary)}</p>" if summary else "")
    row.html(f'<header class="ly-header">{body}</header>')
    return row.container(horizontal=True, width="content", vertical_alignment="center", gap="small")


def section(title: str, help: str = "") -> None:
    """The heading of a part of a page, with an optional quiet sentence behind it."""
    tail = f"<span>{escape(help)}</span>" if help else ""
    st.html(f'<div class="ly-section"><h2>{escape(title)}</h2>{tail}</div>')


def facts(items: Iterable[Fact | tuple[str, str]]) -> None:
    """A row of labelled values that wraps where it must."""
    st.html(facts_html(items))


def facts_html(items: Iterable[Fact | tuple[str, str]]) -> str:
    """The row of labelled values as HTML."""
    cells = []
    for item in items:
        fact = Fact(*item)
        title = f' title="{escape(fact.help)}" class="ly-has-help"' if fact.help else ""
        value = fact.value if fact.html else escape(fact.value)
        cells.append(f"<div><dt{title}>{escape(fact.label)}</dt><dd>{value}</dd></div>")
    return f'<dl class="ly-facts">{"".join(cells)}</dl>'


def quiet(text: str) -> None:
    """A line of secondary text."""
    st.html(f'<p class="ly-quiet">{escape(text)}</p>')


def card(key: str | None = None) -> DeltaGenerator:
    """A bordered box."""
    return st.container(border=True, key=key)


def empty(title: str, text: str, icon: str = ":material/bolt:") -> DeltaGenerator:
    """An empty state that teaches: what would stand here, and what to do.

    Returns:
        A row for the one button or link that leads on.
    """
    box = st.container(border=True, horizontal_alignment="center", key=f"ly-empty-{title}")
    box.markdown(f"### {icon} {plain(title)}", text_alignment="center", anchors=False)
    box.html(f'<p class="ly-empty">{escape(text)}</p>')
    return box.container(horizontal=True, horizontal_alignment="center")


def failure(problem: LeydenError | Message | str) -> None:
    """Something that went wrong, as the one sentence it carries."""
    if isinstance(problem, LeydenError):
        problem = problem.message
    text = problem.text if isinstance(problem, Message) else problem
    st.error(plain(text), icon=":material/error:")


def not_found(problem: LeydenError, label: str, page: str) -> None:
    """The whole page for an address that leads nowhere, with a way on."""
    header(_("Not found"))
    with empty(_("Nothing is here"), problem.message.text, icon=":material/search_off:"):
        link(label, page, icon=":material/arrow_forward:")


def link(
    label: str,
    page: str,
    *,
    icon: str | None = None,
    help: str | None = None,
    width: Any = "content",
    **query: str | None,
) -> None:
    """A link to another page of Leyden, without a reload."""
    state.page_link(plain(label), page, icon=icon, help=help, width=width, **query)


def state_html(state_name: str) -> str:
    """A state as a shape and a word; colour only underlines it."""
    return f'<span class="ly-state ly-{escape(state_name)}">{escape(STATES.get(state_name, state_name))}</span>'


def meter_html(fraction: float, title: str = "") -> str:
    """A thin horizontal bar, filled to a fraction of its width."""
    share = min(max(fraction, 0.0), 1.0)
    return f'<span class="ly-meter" title="{escape(title)}"><i style="width:{100 * share:.1f}%"></i></span>'


def progress(fraction: float | None, text: str) -> None:
    """How far a piece of work is, and what it is doing; an unknown fraction moves instead of lying."""
    if fraction is None:
        st.html(
            f'<div class="ly-progress"><p>{escape(text)}</p><span class="ly-meter ly-unknown"><i></i></span></div>'
        )
    else:
        st.html(f'<div class="ly-progress"><p>{escape(text)}</p>{meter_html(fraction)}</div>')


def page_number(num_items: int, per_page: int, parameter: str = "page") -> int:
    """Which page of a long list is shown, from 0; drawn only where there are several.

    Args:
        num_items: Length of the whole list.
        per_page: How many of it are shown at once.
        parameter: Where the address keeps the page, counted from 1.
    """
    num_pages = max(1, -(-num_items // per_page))
    given = whole(state.parameter(parameter)) or 1
    current = min(max(given - 1, 0), num_pages - 1)
    if num_pages == 1:
        return 0
    first, last = current * per_page + 1, min((current + 1) * per_page, num_items)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="right"):
        quiet(_("{first} to {last} of {all}").format(first=f"{first:,}", last=f"{last:,}", all=f"{num_items:,}"))
        for name, label, icon, step in (
            ("previous", _("Previous"), ":material/chevron_left:", -1),
            ("next", _("Next"), ":material/chevron_right:", 1),
        ):
            st.button(
                label,
                icon=icon,
                disabled=not 0 <= current + step < num_pages,
                key=f"ly-{name}-{parameter}",
                on_click=_turn_page,
                args=(parameter, step, num_pages),
            )
    return current


def _turn_page(parameter: str, step: int, num_pages: int) -> None:
    current = min(whole(state.parameter(parameter)) or 1, num_pages)
    state.set_parameter(parameter, str(min(max(current + step, 1), num_pages)))
