"""What a person does with a report: opens the rows of a cell, moves the threshold, asks for another column."""

from html import unescape

import numpy as np
import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block

from leyden.reports.model import Report
from leyden.store.records import Run
from tests.pages import factories
from tests.pages.conftest import button, texts
from tests.pages.reported import explored
from tests.sessions import notes


@pytest.fixture
def run(home, store) -> Run:
    factories.add_table(home, store)
    return explored(home, store, "d1")


@pytest.fixture
def binary(home, store) -> Run:
    factories.add_table(home, store, species=("阿德利企鹅", "金图企鹅"))
    return explored(home, store, "d1")


def open_test_rows(home, store, run) -> None:
    """The same rows once more, as test rows."""
    folder = home.run(run.id)
    report = (folder / "report-val.json").read_text().replace('"part":"val"', '"part":"test"')
    (folder / "report-test.json").write_text(report)
    (folder / "predictions-test.parquet").write_bytes((folder / "predictions-val.parquet").read_bytes())
    store.reports.put(run.id, "test", headline="accuracy", figures={"accuracy": 0.8}, num_rows=60)


def tables(at) -> list[pd.DataFrame]:
    """Tables of rows; the others have no such column."""
    return [table.value for table in at.dataframe if "Confidence" in table.value]


def test_the_most_confident_mistakes_are_shown_with_their_inputs(open_page, run):
    at = open_page("run", run=run.id, tab="report")
    (rows,) = tables(at)
    assert len(rows) == 12 and (rows["True"] != rows["Predicted"]).all()
    assert list(rows.columns) == ["Row", "True", "Predicted", "Confidence", "bill_length_mm", "body_mass_g"]
    assert list(rows["Row"][:3]) == [1, 6, 11]


def test_a_chart_lets_go_of_its_selection_when_something_is_picked_in_another():
    """A browser keeps what is selected in a chart for as long as its key stays."""

    def script():
        from ui.report_view import _choose

        _choose("report.r1.val.2.0", "sure:3")

    at = AppTest.from_function(script)
    at.query_params["pick"] = "val.1.cell:0,0~test.1.cell:0,1"
    at.run()
    assert at.query_params["pick"] == "test.1.cell:0,1~val.2.sure:3"
    at.run()
    assert {key: times for key, times in notes(at).items() if key.endswith(".closed")} == {
        "report.r1.val.1.closed": 1
    }


def test_an_address_opens_the_rows_of_a_cell_and_close_lets_go(open_page, run):
    at = open_page("run", run=run.id, tab="report", pick="val.1.cell:0,0")
    assert "'Adelie', rightly answered" in unescape(texts(at))
    rows, _mistakes = tables(at)
    assert set(rows["True"]) == set(rows["Predicted"]) == {"Adelie"}
    button(at, "Close").click().run()
    assert "rightly answered" not in texts(at) and len(tables(at)) == 1 and "pick" not in at.query_params


def test_a_pick_in_one_part_keeps_those_of_the_others(open_page, home, store, run):
    open_test_rows(home, store, run)
    at = open_page("run", run=run.id, tab="report", pick="val.1.cell:0,0~test.1.cell:0,1")
    assert "'Adelie', rightly answered" in unescape(texts(at))
    assert "True 'Adelie', answered 'Chinstrap'" in unescape(texts(at))
    box = next(box for box in at.selectbox if box.label == "Show")
    box.set_value("unsure").run()
    assert at.query_params["pick"] == "val.1.cell:0,0~test.1.cell:0,1~val.examples.unsure"
    button(at, "Close").click().run()
    assert at.query_params["pick"] == "test.1.cell:0,1~val.examples.unsure"
    box.set_value("mistakes").run()
    assert at.query_params["pick"] == "test.1.cell:0,1"


def test_more_rows_come_page_by_page(open_page, run):
    at = open_page("run", run=run.id, tab="report", pick="val.examples.unsure")
    first = list(tables(at)[0]["Row"])
    button(at, "Next").click().run()
    assert "13 to 24 of 60 rows" in texts(at)
    assert not set(first) & set(tables(at)[0]["Row"])


def test_the_pager_stands_beside_its_count_away_from_a_table_s_tools(open_page, run):
    at = open_page("run", run=run.id, tab="report", pick="val.examples.unsure")
    blocks = [node for node in at.main if isinstance(node, Block)]
    (line,) = (
        block
        for block in blocks
        if any("1 to 12 of 60 rows" in getattr(child.proto, "body", "") for child in block.children.values())
    )
    assert [one.label for one in line.get("button")] == ["Previous", "Next"]
    assert line.proto.width_config.use_content, "no wider than what stands in it: at the left"


def test_a_confusion_can_be_chosen_by_name(open_page, run):
    at = open_page("run", run=run.id, tab="report")
    choice = next(box for box in at.selectbox if box.label == "Show")
    wanted = next(option for option in choice.options if option == "True 'Adelie', answered 'Chinstrap'")
    choice.set_value("cell:0,1").run()
    assert wanted and set(tables(at)[0]["Predicted"]) == {"Chinstrap"}
    assert at.query_params["pick"] == "val.examples.cell:0,1"


@pytest.mark.parametrize("pick", ["val.1.cell:9,9", "val.1.error:0,1", "test.1.cell:0,0", "nonsense", "val.1."])
def test_an_address_that_says_nothing_is_no_failure(open_page, run, pick):
    at = open_page("run", run=run.id, tab="report", pick=pick)
    assert len(tables(at)) == 1


def test_moving_the_threshold_moves_what_it_leads_to(open_page, binary):
    at = open_page("run", run=binary.id, tab="report")
    assert "Answer '阿德利企鹅' from" in [slider.label for slider in at.slider]
    before = texts(at)
    at.slider[0].set_value(0.95).run()
    assert "threshold" in at.query_params and texts(at) != before
    assert ">Precision</dt><dd>–</dd>" in texts(at)


def test_the_class_that_is_looked_for_is_chosen(open_page, binary):
    def positives(at):
        return next(group for group in at.get("button_group") if group.label == "Looked for")

    at = open_page("run", run=binary.id, tab="report", threshold="0.135", miss="10")
    usual, other = (option.content for option in reversed(positives(at).proto.options))
    positives(at).set_value(other).run()
    assert at.query_params["positive"] == other
    assert at.query_params["threshold"] == "0.865" and at.slider[0].value == 0.865, "the same rows are answered so"
    assert at.query_params["false_alarm"] == "10" and "miss" not in at.query_params, "its misses were false alarms"
    assert f"Answer '{other}' from" in [slider.label for slider in at.slider]
    positives(at).set_value(usual).run()
    assert "positive" not in at.query_params and at.query_params["threshold"] == "0.135"
    at = open_page("run", run=binary.id, tab="report")
    positives(at).set_value(other).run()
    assert "threshold" not in at.query_params, "a half is one for both"


def test_the_report_says_which_class_is_looked_for_and_groups_follow_another_choice(open_page, home, binary):
    path = home.run(binary.id) / "report-val.json"
    report = Report.model_validate_json(path.read_bytes())
    assert report.classes is not None
    first, second = report.classes
    path.write_text(report.model_copy(update={"positive": first}).model_dump_json())
    at = open_page("run", run=binary.id, tab="report")
    assert f"Answer '{first}' from" in [slider.label for slider in at.slider]
    figure = next(box for box in at.selectbox if box.label == "Figure in the chart")
    assert f"'{first}'" in figure.help
    next(group for group in at.get("button_group") if group.label == "Looked for").set_value(second).run()
    assert at.query_params["positive"] == second
    figure = next(box for box in at.selectbox if box.label == "Figure in the chart")
    assert f"'{second}'" in figure.help


def test_test_rows_follow_the_class_that_the_threshold_was_chosen_for(open_page, home, store, binary):
    """A report of before looks for the second class, and one of its test rows, made later, for the first."""
    open_test_rows(home, store, binary)
    path = home.run(binary.id) / "report-test.json"
    report = Report.model_validate_json(path.read_bytes())
    assert report.classes is not None
    path.write_text(report.model_copy(update={"positive": report.classes[0]}).model_dump_json())
    at = open_page("run", run=binary.id, tab="report", threshold="0.9")
    figures = [box.help for box in at.selectbox if box.label == "Figure in the chart"]
    assert len(figures) == 2 and all(f"'{report.classes[1]}'" in told for told in figures)


def test_the_cheapest_threshold_follows_from_the_costs(open_page, binary):
    at = open_page("run", run=binary.id, tab="report")
    misses = next(one for one in at.number_input if one.label == "One miss costs")
    misses.set_value(1000.0).run()
    button(at, "Cheapest").click().run()
    assert at.slider[0].value == 0.1
    assert "<dd>0</dd>" in texts(at).split("Misses")[1]


def test_the_cheapest_threshold_keeps_costs_that_a_slow_browser_has_not_in_its_address(open_page, binary):
    at = open_page("run", run=binary.id, tab="report")
    next(one for one in at.number_input if one.label == "One miss costs").set_value(1000.0).run()
    del at.query_params["miss"]
    button(at, "Cheapest").click().run()
    assert at.query_params["miss"] == "1000" and at.slider[0].value == 0.1


def test_costs_stand_in_the_address(open_page, binary):
    def costs(at) -> dict[str, float]:
        return {one.label: one.value for one in at.number_input}

    at = open_page("run", run=binary.id, tab="report")
    next(one for one in at.number_input if one.label == "One miss costs").set_value(1234567.5).run()
    assert at.query_params["miss"] == "1234567.5" and "false_alarm" not in at.query_params
    again = open_page("run", run=binary.id, tab="report", miss="1234567.5", false_alarm="3")
    assert costs(again) == {"One miss costs": 1234567.5, "One false alarm costs": 3.0}
    assert costs(open_page("run", run=binary.id, tab="report", miss="-1", false_alarm="inf")) == {
        "One miss costs": 1.0, "One false alarm costs": 1.0,
    }  # fmt: skip


def test_a_click_on_a_curve_moves_the_threshold_there_and_shows_the_rows(open_page, binary, monkeypatch):
    clicks = []
    drawn = st.plotly_chart

    def clicked(figure, *, key, on_select="ignore", **rest):
        if "threshold-chart" in key and clicks:
            place = clicks.pop()
            point = {"customdata": [figure.data[0].customdata[place]]}
            st.session_state[key] = {"selection": {"points": [point]}}
            on_select()
            return None
        return drawn(figure, key=key, on_select=on_select, **rest)

    monkeypatch.setattr(st, "plotly_chart", clicked)
    at = open_page("run", run=binary.id, tab="report")
    clicks.append(20)
    at.run()
    assert at.query_params["threshold"] == "0.1"
    assert at.run().slider[0].value == 0.1
    assert at.query_params["pick"] == "val.threshold.near:1,0.1"
    assert "Rows nearest to a probability of 0.1000 for '阿德利企鹅'" in unescape(texts(at))
    nearest, _mistakes = tables(at)
    assert len(nearest) == 12 and set(nearest["Probability of '阿德利企鹅'"]) == {np.float32(0.1)}
    button(at, "Close").click().run()
    assert "pick" not in at.query_params and at.slider[0].value == 0.1


def test_rows_that_no_threshold_decides_are_counted(open_page, home, binary):
    path = home.run(binary.id) / "predictions-val.parquet"
    frame = pd.read_parquet(path)
    frame.iloc[:3, frame.columns.get_indexer(["p_阿德利企鹅"])] = None
    assert "Left out here" not in texts(open_page("run", run=binary.id, tab="report"))
    frame.to_parquet(path)
    assert "Left out here: 3 rows" in texts(open_page("run", run=binary.id, tab="report"))


def test_more_than_two_classes_have_no_threshold(open_page, run):
    assert not open_page("run", run=run.id, tab="report").slider


def test_another_column_gives_other_groups(open_page, run):
    at = open_page("run", run=run.id, tab="report")
    column = next(box for box in at.selectbox if box.label == "Column")
    assert [option.partition(" · ")[0] for option in column.options] == [
        "sex", "bill_length_mm", "body_mass_g", "seen",
    ]  # fmt: skip
    column.set_value("bill_length_mm").run()
    assert at.query_params["by"] == "bill_length_mm"
    again = open_page("run", run=run.id, tab="report", by="bill_length_mm")
    assert next(box for box in again.selectbox if box.label == "Column").value == "bill_length_mm"


def test_groups_stand_in_a_table_below_all_rows(open_page, run):
    at = open_page("run", run=run.id, tab="report", by="sex")
    groups = next(table.value for table in at.dataframe if "Group" in table.value)
    assert groups["Group"][0] == "All rows" and groups["Rows"][0] == 60 == sum(groups["Rows"][1:])
    assert list(groups.columns[2:6]) == ["Accuracy", "Precision (macro)", "Recall (macro)", "F1 (macro)"]
    assert groups["Accuracy"][0] == 0.8
    measure = next(box for box in at.selectbox if box.label == "Figure in the chart")
    measure.set_value("f1_macro").run()
    assert not at.exception


def test_the_chosen_group_and_figure_stand_in_the_address(open_page, run):
    def box(at, label):
        return next(box for box in at.selectbox if box.label == label)

    at = open_page("run", run=run.id, tab="report", by="sex")
    box(at, "Figure in the chart").set_value("f1_macro").run()
    box(at, "Show the rows of").select_index(1).run()
    group = box(at, "Show the rows of").value
    assert at.query_params["figure"] == "f1_macro" and at.query_params["group"] == f"val.{group}"
    kept = {name: at.query_params[name] for name in ("by", "figure", "group")}
    again = open_page("run", run=run.id, tab="report", **kept)
    assert box(again, "Figure in the chart").value == "f1_macro" and box(again, "Show the rows of").value == group
    box(again, "Column").set_value("bill_length_mm").run()
    assert "group" not in again.query_params and box(again, "Show the rows of").value is None


def test_a_group_of_the_test_rows_is_none_of_the_validation_rows(open_page, run):
    at = open_page("run", run=run.id, tab="report", by="sex", group="test.0")
    assert next(box for box in at.selectbox if box.label == "Show the rows of").value is None


def test_without_predictions_the_report_still_stands(open_page, run, home):
    (home.run(run.id) / "predictions-val.parquet").unlink()
    at = open_page("run", run=run.id, tab="report")
    assert "Confusion" in texts(at) and not tables(at)


def test_the_test_rows_follow_the_threshold(open_page, home, store, binary, monkeypatch):
    """The slider is drawn without them: the page runs once more when there are any."""
    runs_again = []
    monkeypatch.setattr("ui.report_threshold.st.rerun", lambda *, scope: runs_again.append(scope))
    at = open_page("run", run=binary.id, tab="report")
    at.slider[0].set_value(0.8).run()
    assert runs_again == [], "nothing else follows from it"
    open_test_rows(home, store, binary)
    at.run()
    assert "At the chosen threshold" in texts(at)
    at.slider[0].set_value(0.95).run()
    assert runs_again == ["app"]
    at.run()
    assert runs_again == ["app"]


def test_a_class_is_no_markdown_in_the_threshold(open_page, home, store):
    factories.add_table(home, store, "d4", species=("no", "yes ![](https://example.com/x.png)"))
    at = open_page("run", run=explored(home, store, "d4").id, tab="report")
    assert "![](" not in at.slider[0].label and "example" in at.slider[0].label


def test_texts_are_not_read_before_somebody_asks(open_page, run, monkeypatch):
    kinds = {"review": "text", "title": "text"}
    monkeypatch.setattr("ui.report_slices.group_columns", lambda run, profile: kinds)
    read = []
    monkeypatch.setattr("ui.report_slices._found", lambda *given: read.append(given))
    at = open_page("run", run=run.id, tab="report")
    column = next(box for box in at.selectbox if box.label == "Column")
    assert column.value is None and len(column.options) == 2 and not read


def test_cards_and_lines_pass_the_gate_of_words(open_page, binary, monkeypatch):
    monkeypatch.setattr("leyden.reports.examples._", lambda text: f"«{text}»")
    at = open_page("run", run=binary.id, tab="report")
    heads = next(list(table.value.columns) for table in at.dataframe if "«Confidence»" in table.value)
    assert heads[:5] == ["«Row»", "«True»", "«Predicted»", "«Confidence»", "bill_length_mm"]
