import json
from urllib.parse import parse_qsl, urlsplit

import numpy as np
import pandas as pd
import pytest

from leyden.reports.model import Interval
from leyden.spec.fields import set_dotted
from leyden.spec.model import Choice
from leyden.store.records import Point, StoredBaseline
from lightning_modules.catalog import catalogue
from tests.leyden.reports.examples import example_report
from tests.pages import factories
from tests.pages.conftest import texts

VIEWS = (
    "Curves",
    "Settings",
    "Figures",
    "What made the difference",
    "Reports side by side",
    "Row by row",
)


def report(home, store, run, value):
    """A finished run with the report and the predictions that an evaluation leaves."""
    factories.finish(store, run)
    figures = {"f1_macro": value, "accuracy": value}
    store.reports.put(run.id, "val", headline="accuracy", figures=figures, num_rows=40)
    folder = home.run(run.id)
    folder.mkdir(parents=True)
    written = example_report(run.id, "val").model_copy(
        update={
            "figures": figures,
            "intervals": {"accuracy": Interval(low=value - 0.02, high=value + 0.02)},
            "task": "classification",
        }
    )
    (folder / "report-val.json").write_text(written.model_dump_json())
    random = np.random.default_rng(run.number)
    truth = np.array(["Adelie", "Gentoo"])[np.arange(40) % 2]
    said = np.where(random.random(40) < value, truth, "Chinstrap")
    frame = pd.DataFrame({"species": truth, "prediction": said, "p_Adelie": 0.5, "p_Gentoo": 0.6})
    frame.index.name = "row_id"
    frame.to_parquet(folder / "predictions-val.parquet")


@pytest.fixture
def three(home, store):
    """Three runs of one question, which differ in learning rate and width."""
    factories.add_table(home, store)
    runs = []
    for name, lr, value in (("slow", 0.001, 0.7), ("快 fast <b>", 0.01, 0.9), ("slow", 0.1, 0.89)):
        spec = set_dotted(factories.add_run(store).spec, {"optimisation.lr": lr}, catalogue())
        store.jobs.end(factories.start(store).id, "tests", "stopped")
        run = store.runs.submit(spec, split_hash="s1", name=name)
        report(home, store, run, value)
        runs.append(run)
    return runs


def ids(runs):
    return ",".join(run.id for run in runs)


def figures(at):
    return [json.loads(found.proto.json) for found in at.get("bidi_component")]


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


def test_curves_are_drawn_as_the_address_says(open_page, three):
    at = open_page("compare", runs=ids(three), curves="train/loss", x="step", log="1", smooth="0.5")
    [sent] = figures(at)
    assert sent["title"] == "Loss, training"
    layout, lines = sent["figure"]["layout"], sent["figure"]["data"]
    assert layout["yaxis"]["type"] == "log" and layout["xaxis"]["title"]["text"] == "Step"
    assert len(lines) == 6 and sum(line.get("opacity", 1) < 1 for line in lines) == 3
    assert lines[1]["x"] == [5.0 * epoch for epoch in range(1, 11)]
    asked = dict(parse_qsl(urlsplit(sent["csv_url"]).query))
    assert asked == {"runs": ids(three), "metric": "train/loss", "smooth": "0.5"}
    assert lines[1]["line"]["color"] != lines[3]["line"]["color"]


def test_choices_go_into_the_address(open_page, three):
    at = open_page("compare", runs=ids(three))
    next(one for one in at.get("button_group") if one.label == "Over").set_value("time").run()
    next(one for one in at.slider if one.label == "Smoothing").set_value(0.8).run()
    next(one for one in at.toggle if one.label == "Log axis").set_value(True).run()
    assert not at.exception
    assert (at.query_params["x"], at.query_params["smooth"], at.query_params["log"]) == ("time", "0.8", "1")


def test_answers_stand_side_by_side(open_page, three):
    at = open_page("compare", runs=ids(three), tab="Row by row", to=three[1].id)
    text = texts(at)
    assert 'data-testid="answers"' in text and "gets" in text and "✗" in text and "✓" in text
    assert "body_mass_g" in text


def test_a_setting_is_drawn_against_the_metric(open_page, three):
    at = open_page("compare", runs=ids(three), tab="What made the difference")
    parallel, scatter = figures(at)
    dimensions = parallel["figure"]["data"][0]["dimensions"]
    assert [one["label"] for one in dimensions] == ["Learning rate", "Accuracy"]
    assert [one["x"] for one in scatter["figure"]["data"]] == [[0.001], [0.01], [0.1]]
    assert scatter["figure"]["data"][1]["error_y"]["array"] == pytest.approx([0.02])


@pytest.mark.parametrize("rates", [(0.001, 0.01), (0.01,)])
def test_seeds_are_drawn_against_only_where_nothing_else_differs(open_page, home, store, rates):
    factories.add_table(home, store)
    spec, runs = factories.add_run(store).spec, []
    store.jobs.end(factories.start(store).id, "tests", "stopped")
    for rate in rates:
        for seed in (1, 2, 3):
            changed = set_dotted(spec, {"optimisation.lr": rate, "seed": seed}, catalogue())
            runs.append(store.runs.submit(changed, split_hash="s1", name="one"))
            report(home, store, runs[-1], 0.8)
    at = open_page("compare", runs=ids(runs), tab="What made the difference")
    against = next(box for box in at.selectbox if box.label == "Against")
    assert against.value == ("optimisation.lr" if len(rates) > 1 else "seed")


def test_baselines_stand_beside_the_runs(open_page, store, three):
    for name, value in (("constant", 0.31), ("boosting", 0.95)):
        baseline = StoredBaseline(
            key=three[0].question,
            part="val",
            name=name,
            headline="accuracy",
            figures={"accuracy": value},
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
    text = texts(open_page("compare", runs=ids(three), tab="Figures"))
    assert titles[0] in text[text.index('data-testid="figures"') :]


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


def test_an_axis_of_texts_has_its_labels(open_page, home, store):
    factories.add_table(home, store)
    runs = []
    for schedule in ("cosine", "one_cycle"):
        spec = set_dotted(factories.add_run(store).spec, {"optimisation.schedule": schedule}, catalogue())
        store.jobs.end(factories.start(store).id, "tests", "stopped")
        runs.append(store.runs.submit(spec, split_hash="s1", name=schedule))
        report(home, store, runs[-1], 0.7)
    at = open_page("compare", runs=ids(runs), tab="What made the difference")
    scatter = figures(at)[1]["figure"]
    assert scatter["layout"]["xaxis"]["type"] == "category"
    # Plotly leaves out all labels where it is given an empty list of places for them.
    assert scatter["layout"]["xaxis"].get("tickvals") is None


def test_what_stands_in_the_address_is_no_markdown(open_page, three):
    at = open_page("compare", runs=f"{three[0].id},![](https://example.com/x.png)")
    assert "![](" not in at.warning[0].value and "example" in at.warning[0].value


def test_a_run_without_a_setting_is_left_out_of_the_scatter_alone(open_page, store, home, three):
    width, runs = "architecture.tabular.options.width", []
    for changes in ({width: 128}, {"architecture.tabular": "linear"}, {width: 64}, {width: 256}):
        spec = set_dotted(three[0].spec, changes, catalogue())
        runs.append(store.runs.submit(spec, split_hash="s1", name="one"))
        report(home, store, runs[-1], 0.8)
    at = open_page("compare", runs=ids(runs), tab="What made the difference", against=width)
    parallel, scatter = figures(at)
    dimensions = parallel["figure"]["data"][0]["dimensions"]
    values = next(one["values"] for one in dimensions if one["label"].startswith("Width"))
    assert values[1] < values[2] < values[0] < values[3], "numbers stay in order, and none lies below them"
    assert len(scatter["figure"]["data"]) == 3 and "Left out, for want of this setting: 1 run." in texts(at)


def test_pictures_side_by_side_have_the_same_axes_and_few_points(open_page, home, three):
    for run, scale in zip(three, (1, 2, 3), strict=True):
        path = home.run(run.id) / "report-val.json"
        told = json.loads(path.read_text())
        section = next(one for one in told["sections"] if one["type"] == "scatter")
        section |= {"x": list(range(2000)), "y": [scale * x for x in range(2000)], "row_ids": list(range(2000))}
        path.write_text(json.dumps(told))
    at = open_page("compare", runs=ids(three), tab="Reports side by side", picture="True")
    drawn = [one["figure"] for one in figures(at)]
    assert {one["data"][0]["type"] for one in drawn} == {"scatter"}
    assert len({json.dumps([one["layout"][axis]["range"] for axis in ("xaxis", "yaxis")]) for one in drawn}) == 1
    assert drawn[0]["layout"]["yaxis"]["range"][1] > 5997
    assert "1,000 are drawn" in texts(at) and figures(at)[0]["csv"].count("\n") == 2001


def pair(at):
    return tuple(next(box.value for box in at.selectbox if box.label == label) for label in ("From", "To"))


def test_rows_are_told_from_the_last_ranked_to_the_best_unless_chosen(open_page, three):
    slow, fast, near = (run.id for run in three)
    at = open_page("compare", runs=ids(three), tab="Row by row")
    assert pair(at) == (slow, fast)
    for asked, expected in (
        ({"from": near}, (near, fast)),
        ({"from": fast}, (fast, near)),
        ({"to": slow}, (near, slow)),
        ({"from": near, "to": slow}, (near, slow)),
    ):
        assert pair(open_page("compare", runs=ids(three), tab="Row by row", **asked)) == expected


def test_a_chosen_pair_stays_chosen(open_page, three):
    slow, fast, near = (run.id for run in three)
    at = open_page("compare", runs=ids(three), tab="Row by row", to=slow)
    for label, run_id in (("From", fast), ("To", near), ("From", slow), ("To", fast)):
        before = dict(zip(("From", "To"), pair(at), strict=True))
        next(box for box in at.selectbox if box.label == label).set_value(run_id).run()
        assert dict(zip(("From", "To"), pair(at), strict=True)) == {**before, label: run_id}


def predict(home, run, said, truth="Adelie"):
    """Replaces a run's predictions."""
    classes = {} if isinstance(truth, float) else {"p_Adelie": 0.5, "p_Gentoo": 0.6}
    frame = pd.DataFrame({"species": [truth] * len(said), "prediction": list(said), **classes})
    frame.index.name = "row_id"
    frame.to_parquet(home.run(run.id) / "predictions-val.parquet")


def kinds_of_rows(at):
    """What the choice of rows offers."""
    return [option.content for option in at.get("button_group")[-1].proto.options]


def test_counts_and_words_are_of_the_two_chosen_runs(open_page, home, three):
    for run, said in zip(three, ("AAGG", "AAAG", "GGGG"), strict=True):
        predict(home, run, [{"A": "Adelie", "G": "Gentoo"}[letter] for letter in said])
    at = open_page("compare", runs=ids(three), tab="Row by row", **{"from": three[0].id, "to": three[1].id})
    assert kinds_of_rows(at) == [
        "Where they differ (1)",
        "Fixed (1)",
        "Broken (0)",
        "Wrong in both (1)",
        "All rows (4)",
    ]
    first, second = three[0].number, three[1].number
    assert f"Of 4 rows, #{second} gets 1 right that #{first} gets wrong, and 0 the other way" in texts(at)
    assert "All counts are of these two runs" in texts(at)
    assert "All counts" not in texts(open_page("compare", runs=ids(three[:2]), tab="Row by row"))


def test_numbers_have_largest_differences_without_a_count(open_page, home, store, three):
    spec = three[0].spec.model_copy(update={"task": Choice(name="regression"), "loss": Choice(name="mse")})
    runs = []
    for said in ([1.0, 2.0], [1.0, 5.0]):
        runs.append(store.runs.submit(spec, split_hash="s1", name="one"))
        report(home, store, runs[-1], 0.5)
        predict(home, runs[-1], said, truth=1.0)
    at = open_page("compare", runs=ids(runs), tab="Row by row")
    assert kinds_of_rows(at)[:3] == ["Largest differences", "Closer now (0)", "Farther off now (1)"]


@pytest.mark.parametrize(("values", "span"), [((1.0, 1.0), [0.9, 1.004]), ((0.5, 1.0), None)])
def test_a_share_of_one_throughout_is_not_drawn_beyond_it(open_page, home, store, values, span):
    factories.add_table(home, store)
    run = factories.add_run(store)
    points = [
        Point(name="val/accuracy", step=step, epoch=step, value=value, time=0.0)
        for step, value in enumerate(values)
    ]
    store.metrics.write(run.id, factories.start(store).id, points)
    [sent] = figures(open_page("compare", runs=run.id, curves="val/accuracy"))
    assert sent["figure"]["layout"]["yaxis"].get("range") == (span and pytest.approx(span))
