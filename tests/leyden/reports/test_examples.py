from html import unescape

from leyden.reports.cards import cards_html
from leyden.reports.examples import Example, examples_table, num_own


def test_own_heads_pass_the_gate_and_names_from_the_data_do_not(monkeypatch):
    monkeypatch.setattr("leyden.reports.examples._", lambda text: f"«{text}»")
    row = Example(0, "a", "b", 0.5, False, (), (), (("Row", 1), ("«True»", 2)))
    table = examples_table([row], "Rows", is_number=False)
    assert table.columns[:4] == ("«Row»", "«True»", "«Predicted»", "«Confidence»")
    assert table.columns[4:] == ("Row", "««True» (input)»"), "a name of the data that is taken is marked"
    assert table.rows == ((1, "a", "b", 0.5, 1, 2),)


def test_rows_picked_by_a_probability_say_it():
    rows = [
        Example(0, "no", "no", 0.9, True, (), (), (("x", 1),), sought=("yes", 0.1)),
        Example(1, "yes", "no", 0.8, False, (), (), (("x", 2),), sought=("yes", 0.2)),
    ]
    table = examples_table(rows, "Rows", is_number=False)
    assert table.columns == ("Row", "True", "Predicted", "Confidence", "Probability of 'yes'", "x")
    assert [row[4] for row in table.rows] == [0.1, 0.2] and num_own(rows) == 5
    cards = unescape(cards_html(rows, str)).replace("\u00a0", " ")
    assert "<span>'yes' 10 %</span>" in cards and "<span>true yes</span> <span>'yes' 20 %</span>" in cards
