import json

import pytest
from streamlit.testing.v1 import AppTest

from leyden.reports.model import Table
from ui.report_table import is_sheet


def drawn(table: Table, num_figures: int | None = None):
    """The frame that is sent, and how each of its columns is written."""

    def script(table, num_figures):
        from ui.report_table import draw_table

        draw_table(table, num_figures=num_figures)

    at = AppTest.from_function(script, args=(table, num_figures), default_timeout=30).run()
    assert not at.exception
    settings = json.loads(at.dataframe[0].proto.columns)
    return at.dataframe[0].value, {
        name: one["type_config"].get("format") for name, one in settings.items() if name in table.columns
    }


def test_small_numbers_keep_their_digits_beside_large_ones():
    rows = ((0.25, 3), (0.4, 4), (1500.5, 5), (-0.001, 6), (None, 7))
    frame, formats = drawn(Table(title="Figures", columns=("Price", "Rows"), rows=rows))
    assert frame["Price"].tolist()[:4] == [0.25, 0.4, 1500.5, 0.0]
    assert str(frame["Price"][3]) == "0.0", "it would read -0.00"
    assert formats == {"Price": "%,.2f", "Rows": "localized"}


def test_numbers_in_thousands_are_parted_by_commas_and_have_no_digits_after_the_point():
    rows = ((500001.0, -405023.13), (94977.88, 376.21), (163754.05, 5132.14))
    _frame, formats = drawn(Table(title="Figures", columns=("Predicted", "Error"), rows=rows))
    assert formats == {"Predicted": "%,.0f", "Error": "%,.0f"}


def test_the_data_s_own_columns_stay_as_they_are():
    table = Table(title="Rows", columns=("Confidence", "width", "year"), rows=((0.98765432, -0.00001, 2007),))
    frame, formats = drawn(table, num_figures=1)
    assert frame.iloc[0].tolist() == [0.98765432, -0.00001, 2007]
    assert formats == {"Confidence": "%,.4f", "width": "%g", "year": "%g"}


SENTENCE = "A sentence that goes on for more than forty letters."


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ((("a", SENTENCE), ("b", None)), True),
        (((SENTENCE, 0.5), ("b", 0.4)), False),
        (((SENTENCE, SENTENCE),) * 1000, False),
        ((), False),
    ],
)
def test_only_a_short_table_of_sentences_is_a_sheet(rows, expected):
    assert is_sheet(Table(title="T", columns=("Name", "Last"), rows=rows)) is expected


def test_a_head_has_room_beside_short_texts():
    def width(name: str) -> int:
        at = AppTest.from_function(script, args=(name,), default_timeout=30).run()
        return json.loads(at.dataframe[0].proto.columns)[name]["width"]

    def script(name):
        from leyden.reports.model import Table
        from ui.report_table import draw_table

        draw_table(Table(title="Rows", columns=(name,), rows=(("no",), ("yes",))))

    assert width("Predicted") >= 90 > width("True")
    assert width("measured_" + 200 * "x") <= 200
