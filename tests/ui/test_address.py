from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from ui.address import whole, written


@pytest.mark.parametrize(
    ("text", "number"),
    [("0", 0), ("42", 42), ("9" * 18, 10**18 - 1), ("9" * 19, None), ("9" * 5000, None)]
    + [(text, None) for text in (None, "", "-1", "1.0", "1e3", " 1", "٣", "²")],
)
def test_only_whole_numbers_that_an_id_can_be_are_read(text: str | None, number: int | None):
    assert whole(text) == number


@pytest.mark.parametrize(
    ("value", "usual", "expected"),
    [
        (["a", "b"], [], "a,b"),
        (["size, cm", "100%2C", "宽 度"], [], "size%2C cm,100%252C,宽 度"),
        ([], ["a"], "-"),
        (["a"], ["a"], None),
        (False, True, "0"),
        (0.25, 0.0, "0.25"),
    ],
)
def test_values_are_written_as_the_address_keeps_them(value: object, usual: object, expected: str | None):
    assert written(value, usual) == expected


def script_with_names() -> None:
    import streamlit as st

    from ui.address import some_of, written

    options = ["size, cm", "100%2C", "plain", "宽 度"]
    st.query_params["axes"] = str(written(options))
    assert some_of("axes", options, []) == options, some_of("axes", options, [])


def test_names_with_commas_come_back_from_the_address():
    at = AppTest.from_function(script_with_names).run(timeout=30)
    assert not at.exception, at.exception


def script_with_tabs() -> None:
    import streamlit as st

    from ui.address import tabs

    opened = tabs("run", {"curves": "Curves", "report": "Report"})
    st.text(next(name for name, tab in opened.items() if tab.open))


def test_a_click_on_a_tab_goes_into_the_address(monkeypatch: pytest.MonkeyPatch):
    given = {}
    draw = st.tabs

    def drawing(*names: object, **arguments: Any) -> object:
        given.update(arguments)
        return draw(*names, **arguments)

    monkeypatch.setattr("streamlit.tabs", drawing)
    at = AppTest.from_function(script_with_tabs).run(timeout=30)
    assert at.text[0].value == "curves" and not at.query_params
    written_to = {}
    monkeypatch.setattr(
        "ui.memory.widget_value", lambda key, default: {"run.tab.curves": "Report"}.get(key, default)
    )
    monkeypatch.setattr("ui.state.set_parameter", written_to.__setitem__)
    given["on_change"]()
    assert written_to == {"tab": "report"}
