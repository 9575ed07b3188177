from leyden.reports.examples import Example, examples_table


def test_own_heads_pass_the_gate_and_names_from_the_data_do_not(monkeypatch):
    monkeypatch.setattr("leyden.reports.examples._", lambda text: f"«{text}»")
    row = Example(0, "a", "b", 0.5, False, (), (), (("Row", 1), ("«True»", 2)))
    table = examples_table([row], "Rows", is_number=False)
    assert table.columns[:4] == ("«Row»", "«True»", "«Predicted»", "«Confidence»")
    assert table.columns[4:] == ("Row", "««True» (input)»"), "a name of the data that is taken is marked"
    assert table.rows == ((1, "a", "b", 0.5, 1, 2),)
