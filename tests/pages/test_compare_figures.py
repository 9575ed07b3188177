"""What Compare draws: curves, settings against figures, and pictures of reports side by side."""

import json
import math
import re
from html import escape
from urllib.parse import parse_qsl, urlsplit

import pytest

from leyden.spec.fields import set_dotted
from leyden.store.records import Point
from lightning_modules.catalog import catalogue
from tests.pages import factories
from tests.pages.compared import figures, ids, report
from tests.pages.conftest import texts
from ui import compare_parallel


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


def test_the_number_of_a_run_is_not_part_of_the_name_that_a_narrow_head_cuts(open_page, three):
    page = texts(open_page("compare", runs=ids(three), tab="Figures"))
    heads = page.partition('data-testid="figures"')[2].partition("</thead>")[0]
    for run in three:
        name = f'<span class="ly-run-name">{escape(run.name)}</span>'
        assert f'{name} <span class="ly-run-number">#{run.number}</span>' in heads


def test_a_setting_is_drawn_against_the_metric(open_page, three):
    at = open_page("compare", runs=ids(three), tab="What made the difference")
    parallel, scatter = figures(at)
    dimensions = parallel["figure"]["data"][0]["dimensions"]
    assert [one["label"] for one in dimensions] == ["Learning rate", "Accuracy"]
    assert [one["x"] for one in scatter["figure"]["data"]] == [[0.001], [0.01], [0.1]]
    assert scatter["figure"]["data"][1]["error_y"]["array"] == pytest.approx([0.02])


def test_names_of_near_values_are_not_printed_over_each_other(open_page, home, store, three):
    run = store.runs.submit(three[0].spec, split_hash="s1", name="near")
    report(home, store, run, 0.7004)
    at = open_page("compare", runs=ids([*three, run]), tab="What made the difference")
    axis = figures(at)[0]["figure"]["data"][0]["dimensions"][-1]
    assert [text for text in axis["ticktext"] if text.strip()] == ["0.7", "0.9"]
    assert axis["tickvals"] == sorted(set(axis["values"])), "what is dragged keeps whole values, named or not"
    assert len(set(axis["ticktext"])) == 4, "Plotly draws places of one name as one"


def test_parts_of_axes_are_kept_as_the_address_says(open_page, three):
    kept = "optimisation.lr:0.005:0.2,val/accuracy:0.8:0.895,gone:1:2,seed:x:1,seed:inf:inf,seed,optimisation.lr:-5:-4"
    at = open_page("compare", runs=ids(three), tab="What made the difference", kept=kept)
    rate, figure = figures(at)[0]["figure"]["data"][0]["dimensions"]
    assert rate["constraintrange"] == pytest.approx([math.log10(0.005), math.log10(0.1) + 0.1]), "within its ends"
    assert figure["constraintrange"] == pytest.approx([0.8, 0.895])
    assert "Kept: 1 of 3 runs. slow #6" in texts(at)
    next(button for button in at.button if button.label == "Keep all").click()
    at.run()
    assert "kept" not in at.query_params and "Drag along an axis" in texts(at)
    assert all("constraintrange" not in axis for axis in figures(at)[0]["figure"]["data"][0]["dimensions"])


@pytest.mark.parametrize("best", [53 / 54, 0.9, 1 / 3])
def test_a_part_up_to_the_best_run_keeps_that(open_page, home, store, three, best, monkeypatch):
    """Plotly's ends of what is dragged are values of runs, and an address has not all of their digits."""
    run = store.runs.submit(three[0].spec, split_hash="s1", name="best")
    report(home, store, run, best)
    told = {}
    draw = compare_parallel.figure

    def drawn(*arguments, on_axes, **options):
        told["drag"] = on_axes
        draw(*arguments, on_axes=on_axes, **options)

    monkeypatch.setattr("ui.compare_parallel.figure", drawn)
    asked = {"runs": ids([*three, run]), "tab": "What made the difference"}
    open_page("compare", **asked)
    with monkeypatch.context() as patched:
        patched.setattr("ui.state.set_parameter", told.__setitem__)
        told["drag"]({"order": [], "kept": {"val/accuracy": [best, best]}})
    at = open_page("compare", **asked, kept=told["kept"])
    assert re.search(r"Kept: \d of 4 runs\..*\bbest #", texts(at))
    axis = figures(at)[0]["figure"]["data"][0]["dimensions"][-1]
    assert axis["constraintrange"][0] < best < axis["constraintrange"][1]


def test_what_is_dragged_stands_in_the_address(open_page, home, store, monkeypatch):
    factories.add_table(home, store)
    spec, runs = factories.add_run(store).spec, []
    store.jobs.end(factories.start(store).id, "tests", "stopped")
    for seed, changes in enumerate(({}, {"optimisation.lr": 0.1}, {"optimisation.schedule": "one_cycle"})):
        runs.append(
            store.runs.submit(set_dotted(spec, {"seed": seed, **changes}, catalogue()), split_hash="s1", name="x")
        )
        report(home, store, runs[-1], 0.8 + seed / 100)
    drawn = []
    monkeypatch.setattr("ui.compare_parallel.figure", lambda *_args, on_axes, **_options: drawn.append(on_axes))
    open_page(
        "compare", runs=ids(runs), tab="What made the difference", axes="optimisation.lr,optimisation.schedule"
    )
    told = {}
    monkeypatch.setattr("ui.state.set_parameter", told.__setitem__)
    order = ["optimisation.schedule", "val/accuracy", "optimisation.lr"]
    kept = {"optimisation.lr": [-1.5, 1e9], "optimisation.schedule": [0.75, 1.0], "gone": [0.0, 1.0]}
    drawn[0]({"order": order, "kept": kept})
    assert told["axes"] == "optimisation.schedule,optimisation.lr"
    rate, schedule = told["kept"].split(",")
    assert schedule == "optimisation.schedule:One%2520cycle:One%2520cycle", "by name: other runs have other places"
    low, high = map(float, rate.removeprefix("optimisation.lr:").split(":"))
    assert low == pytest.approx(10**-1.5, rel=1e-5) and 0.1 < high < 0.2, "within the axis, as learning rates"
    told.clear()
    drawn[0]({"order": ["optimisation.lr", "optimisation.schedule", "val/accuracy"], "kept": {}})
    assert told == {"kept": None}


def test_runs_are_told_by_how_long_they_were_trained(open_page, three, monkeypatch):
    trained = {run.id: seconds for run, seconds in zip(three, (30.0, 20.0, 10.0), strict=True)}
    monkeypatch.setattr("leyden.store.jobs.Jobs.training_s", lambda jobs, run_id: trained[run_id])
    at = open_page("compare", runs=ids(three), tab="What made the difference", axes="took")
    axis = figures(at)[0]["figure"]["data"][0]["dimensions"][0]
    assert axis["label"] == "Training time (s)" and axis["values"] == [30.0, 20.0, 10.0]


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


def test_what_has_no_place_on_a_log_axis_is_left_out_and_said(open_page, home, store):
    factories.add_table(home, store)
    run = factories.add_run(store)
    points = [
        Point(name="val/accuracy", step=step, epoch=step, value=value, time=0.0)
        for step, value in enumerate((-0.5, 0.0, 0.01, 0.9))
    ]
    store.metrics.write(run.id, factories.start(store).id, points)
    at = open_page("compare", runs=run.id, curves="val/accuracy", log="1")
    [sent] = figures(at)
    assert sent["figure"]["data"][0]["y"] == [0.01, 0.9]
    assert sent["figure"]["layout"]["yaxis"]["dtick"] == "D2"
    near = factories.add_run(store)
    points = [
        Point(name="val/accuracy", step=step, epoch=step, value=value, time=0.0)
        for step, value in enumerate((0.91, 0.99))
    ]
    store.jobs.end(run.job.id, "tests", "stopped")
    store.metrics.write(near.id, factories.start(store).id, points)
    [close] = figures(open_page("compare", runs=near.id, curves="val/accuracy", log="1"))
    assert "dtick" not in close["figure"]["layout"]["yaxis"], "no digit lies between them"
    assert "left out" in texts(at)
    at = open_page("compare", runs=run.id, curves="val/accuracy")
    assert len(figures(at)[0]["figure"]["data"][0]["y"]) == 4 and "left out" not in texts(at)


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
