import json
import shutil

import pandas as pd
import pytest
from sqlalchemy import update

from leyden.store.connection import writing
from leyden.store.records import StoredBaseline
from leyden.store.schema import datasets
from lightning_modules.catalog import catalogue
from tests.pages import factories
from tests.pages.compared import ids
from tests.pages.conftest import texts

VIEWS = (
    "Curves",
    "Settings",
    "Figures",
    "What made the difference",
    "Reports side by side",
    "Row by row",
)


@pytest.mark.parametrize("tab", VIEWS)
@pytest.mark.parametrize("number", [1, 2, 3])
def test_every_view_draws_for_any_number_of_runs(open_page, three, tab, number):
    at = open_page("compare", runs=ids(three[:number]), tab=tab)
    assert "0.7000" in texts(at)


def test_damaged_predictions_leave_the_ranking_to_the_reports(open_page, home, three):
    (home.run(three[2].id) / "predictions-val.parquet").write_bytes(b"no Parquet")
    text = texts(open_page("compare", runs=ids(three)))
    assert "0.9000" in text and "0.8900" in text and "may be chance" in text


def test_without_runs_it_says_how_to_begin(open_page, store):
    assert "Tick two or more runs" in texts(open_page("compare"))
    text = "\n".join(warning.value for warning in open_page("compare", runs="r-gone,r-other").warning)
    assert "r-gone, r-other" in text.replace("\\", "")


def test_the_best_run_comes_first_with_its_interval(open_page, three):
    text = texts(open_page("compare", runs=ids(three)))
    table = text[text.index('data-testid="ranking"') :]
    assert table.index("快 fast &lt;b&gt;") < table.index(f"slow #{three[2].number}") < table.index("0.7000")
    assert "0.8800 to 0.9200" in table and "may be chance" in table
    assert "its lead over 1 other may be chance" in text


def test_the_metric_is_chosen_in_the_address(open_page, three):
    at = open_page("compare", runs=ids(three), metric="f1_macro")
    [box] = [box for box in at.selectbox if box.label == "Compare by"]
    assert box.value == "f1_macro" and "F1 (macro) <em>" in texts(at)
    assert "this figure has no intervals" in texts(at)
    box.set_value("accuracy").run()
    assert "metric" not in at.query_params and "Accuracy <em>" in texts(at)
    assert "this figure has no intervals" not in texts(at)


def test_only_settings_that_differ_are_shown(open_page, three):
    text = texts(open_page("compare", runs=ids(three), tab="Settings"))
    table = text[text.index('data-testid="differences"') :]
    assert "Learning rate" in table and "0.01" in table
    assert "Batch size" not in table and "1 setting differs" in text


def test_choices_go_into_the_address(open_page, three):
    at = open_page("compare", runs=ids(three))
    next(one for one in at.get("button_group") if one.label == "Over").set_value("time").run()
    next(one for one in at.slider if one.label == "Smoothing").set_value(0.8).run()
    next(one for one in at.toggle if one.label == "Log axis").set_value(True).run()
    assert not at.exception
    assert (at.query_params["x"], at.query_params["smooth"], at.query_params["log"]) == ("time", "0.8", "1")


def test_baselines_stand_beside_the_runs(open_page, store, three):
    for name, value in (("constant", 0.31), ("boosting", 0.95)):
        baseline = StoredBaseline(
            key=three[0].question,
            part="val",
            name=name,
            headline="accuracy",
            figures={"accuracy": value},
            intervals={"accuracy": (value - 0.01, value + 0.02)} if name == "constant" else {},
            num_rows=240,
            of_rows=240,
            duration_s=1.0,
        )
        store.baselines.put("d1", baseline)
    titles = [catalogue().baselines[name].title for name in ("constant", "boosting")]
    text = texts(open_page("compare", runs=ids(three)))
    table = text[text.index('data-testid="ranking"') :]
    assert table.index(titles[1]) < table.index("快 fast") < table.index("0.7000") < table.index(titles[0])
    assert "0.0500 <small>ahead" in table
    row = table[table.index(titles[0]) :].partition("</tr>")[0]
    assert "0.3000 to 0.3300" in row and "left:0.0%;" in row, "its interval begins where that of all does"
    text = texts(open_page("compare", runs=ids(three), tab="Figures"))
    figures = text[text.index('data-testid="figures"') :]
    assert titles[0] in figures and "0.3100<small>0.3000 – 0.3300</small>" in figures


@pytest.mark.parametrize(
    ("accuracy", "num_mended", "num_spoilt", "told"),
    [(1.0, 40, 0, "ahead</small>"), (0.91, 2, 1, "ahead, may be chance</small>"), (0.4, 0, 25, "</small></td>")],
)
def test_a_baseline_is_held_against_the_best_run_on_the_same_rows(
    open_page, home, store, three, accuracy, num_mended, num_spoilt, told
):
    run = three[1]
    file = home.run(run.id) / "report-val.json"
    report = json.loads(file.read_text()) | {"target": "species", "classes": ["Adelie", "Chinstrap", "Gentoo"]}
    file.write_text(json.dumps(report))
    frame = pd.read_parquet(home.run(run.id) / "predictions-val.parquet")[["species", "prediction"]]
    is_right = frame["species"] == frame["prediction"]
    mended, spoilt = frame.index[~is_right][:num_mended], frame.index[is_right][:num_spoilt]
    frame.loc[mended, "prediction"] = frame.loc[mended, "species"]
    frame.loc[spoilt, "prediction"] = "Chinstrap"
    path = home.baseline_answers("d1", run.question, "val", "linear")
    path.parent.mkdir(parents=True)
    frame.to_parquet(path)
    store.baselines.put("d1", factories.baseline(run, "linear", accuracy))
    text = texts(open_page("compare", runs=run.id))
    row = text[text.index(">Linear model<") :].partition("</tr>")[0]
    assert "95 % interval of the difference" in row and told in row
    assert ("chance" in told) == ("chance" in row) and ("ahead" in told) == ("ahead" in row)


def test_datasets_of_one_name_are_told_apart(open_page, home, store, three):
    factories.add_table(home, store, "d3", store.datasets.get("d1").name)
    with writing(store.engine) as connection:  # As older versions allowed it.
        connection.execute(update(datasets).values(name="penguins"))
    other = factories.add_run(store, "d3", name="of the other data")
    factories.finish(store, other)
    at = open_page("compare", runs=ids([*three, other]))
    titles = next(group.options for group in at.button_group if "species of" in group.options[0])
    assert len(titles) == len(set(titles)) == 2
    assert "of different data" in at.info[0].value and titles[1].replace("\\", "") in texts(at)


def test_runs_of_different_goals_are_not_ranked_together(open_page, home, store, three):
    factories.add_table(home, store, "d3", "企鹅数据集", species=("阿德利企鹅", "金图企鹅"))
    other = factories.add_run(store, "d3", name="另一个")
    factories.finish(store, other, "failed")
    at = open_page("compare", runs=ids([*three, other]))
    assert "predict different things" in at.info[0].value
    assert "Predicts something else: species of 企鹅数据集" in texts(at)
    for tab in VIEWS:
        open_page("compare", runs=ids([other, *three]), tab=tab, about=other.id)


def test_a_run_that_works_or_has_no_report_says_so(open_page, store, three):
    working = factories.add_run(store, name="working")
    factories.train(store, working)
    text = texts(open_page("compare", runs=ids([*three, working])))
    assert "so far, in epoch 10" in text
    for tab in VIEWS:
        open_page("compare", runs=ids([working, three[0]]), tab=tab)


def test_a_run_whose_folder_is_gone_says_so_wherever_it_is_left_out(open_page, home, store, three):
    shutil.rmtree(home.run(three[0].id))
    working = factories.add_run(store, name="working")
    runs = ids([*three, working])
    text = texts(open_page("compare", runs=runs, tab="Figures"))
    assert "Its report is gone from the workspace" in text
    gone = f"{three[0].label} (its report is gone from the workspace)"
    told = f"Left out: {gone}, {working.label} (still at work)."
    assert told in text
    assert told in texts(open_page("compare", runs=runs, tab="Row by row"))
    (home.run(three[2].id) / "predictions-val.parquet").unlink()
    text = texts(open_page("compare", runs=runs, tab="Row by row"))
    assert "Two runs with predictions" in text
    assert f"slow #{three[2].number} (its predictions are gone from the workspace)" in text


def test_too_many_runs_are_cut_and_said(open_page, store, three):
    runs = [
        factories.add_run(store, name=f"a rather long name of run {number} 很长的名字") for number in range(20)
    ]
    at = open_page("compare", runs=ids([*three, *runs]))
    assert "the last 3 of this address are left out" in at.warning[0].value


def test_nonsense_in_the_address_is_left_out(open_page, three):
    open_page(
        "compare", runs=ids(three), metric="x", tab="y", x="z", smooth="nan", curves="no", about="r", axes=",,"
    )


def test_what_stands_in_the_address_is_no_markdown(open_page, three):
    at = open_page("compare", runs=f"{three[0].id},![](https://example.com/x.png)")
    assert "![](" not in at.warning[0].value and "example" in at.warning[0].value
