"""Inputs whose value stands in the address, so that a link shows what its sender saw, and a reload changes nothing."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from urllib.parse import unquote

import streamlit as st
from streamlit.elements.lib.mutable_tab_container import TabContainer

from ui import state

MAX_DIGITS = 18
"""What fits into the 64 bits of a database's integer."""


def bound(
    page: str, parameter: str, value: str | float | bool | list[str], *, usual: Any = "", resets: str | None = None
) -> dict[str, Any]:
    """Arguments for a widget that keep what is chosen in the address.

    Args:
        page: Whose widget it is.
        parameter: Where the address keeps the value.
        value: What the address says now; give it to the widget as its default, too.
        usual: The value that the address leaves out.
        resets: Another parameter that starts anew when this one changes, such as a page's number.

    Returns:
        `key` and `on_change`.
    """

    def write(now: str | float | bool | list[str]) -> None:
        state.set_parameter(parameter, written(now, usual))
        if resets is not None:
            state.set_parameter(resets, None)

    return state.edited(f"{page}.{parameter}", value, write)


def tabs(page: str, titles: Mapping[str, str]) -> dict[str, TabContainer]:
    """Draws tabs whose open one stands in the address.

    Args:
        page: Whose tabs they are.
        titles: What each is called, by its name in the address; the first one is the usual one.

    Returns:
        The tabs by these names.
    """
    names = {title: name for name, title in titles.items()}
    usual = next(iter(titles))
    opened = one_of("tab", titles, usual)
    title = titles[opened]

    def write(now: str) -> None:
        state.set_parameter("tab", written(names[now], usual))

    # To Streamlit, tabs that open with another one are others, and a quick click may still be on those of before: by
    # one key for all, it would be read off the newer ones.
    places = st.tabs(list(names), default=title, **state.edited(f"{page}.tab.{opened}", title, write))
    return dict(zip(titles, places, strict=True))


def written(value: Any, usual: Any = "") -> str | None:
    """A value as the address keeps it; None for the usual one, which it leaves out."""
    if value == usual or value is None:
        return None
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, list):
        return ",".join(map(_quoted, value)) or "-"
    return f"{value:g}" if isinstance(value, float) else str(value)


def one_of(parameter: str, options: Collection[str], usual: str) -> str:
    """The parameter's value where it is one of the options, else the usual one."""
    given = state.parameter(parameter)
    return given if given is not None and given in options else usual


def some_of(parameter: str, options: Collection[str], usual: Sequence[str]) -> list[str]:
    """Those of the parameter's values that are options, in their order; the usual ones where it says nothing."""
    if state.parameter(parameter) is None:
        return list(usual)
    return [name for name in names_in(parameter) if name in options]


def names_in(parameter: str) -> list[str]:
    """All names that the parameter's value lists, each once."""
    given = state.parameter(parameter)
    return list(dict.fromkeys(map(unquote, given.split(",")))) if given else []


def _quoted(name: str) -> str:
    """A name without commas, which part names from each other; columns may have any."""
    return name.replace("%", "%25").replace(",", "%2C")


def number_of(parameter: str, low: float, high: float, usual: float) -> float:
    """The parameter as a number between two bounds, else the usual one."""
    try:
        given = float(state.parameter(parameter) or "nan")
    except ValueError:
        return usual
    return given if low <= given <= high else usual


def whole(text: str | None) -> int | None:
    """A whole number from 0 as an address gives it; None for anything else, and for more digits than any id has."""
    given = text or ""
    return int(given) if given.isascii() and given.isdecimal() and len(given) <= MAX_DIGITS else None


def is_on(parameter: str) -> bool:
    """Whether a switch that is usually off is on."""
    return state.parameter(parameter) == "1"
