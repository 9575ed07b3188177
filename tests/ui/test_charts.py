import numpy as np
import pytest

from leyden.store.records import Point
from lightning_modules.catalog import catalogue
from tests.pages import factories
from ui.run_curves import MAX_POINTS, RunCurves, Series, panel_kinds, panels, x_axis


@pytest.fixture
def training(home, store):
    factories.add_table(home, store)
    run = factories.add_run(store)
    job = factories.train(store, run)
    return store.runs.get(run.id), job


def write(store, run, job, name, values, *, every_s=1.0):
    points = [
        Point(name=name, step=place, epoch=place / 10, value=value, time=1000 + place * every_s)
        for place, value in enumerate(values)
    ]
    store.metrics.write(run.id, job.id, points)


def test_only_what_is_new_is_read(store, training, monkeypatch):
    run, job = training
    curves = RunCurves(run.id)
    assert curves.read_new(store, run)
    assert not curves.read_new(store, run)
    asked = []
    read = store.metrics.read
    monkeypatch.setattr(store.metrics, "read", lambda *args, **more: asked.append(more) or read(*args, **more))
    write(store, run, job, "lr", [0.1, 0.2])
    assert curves.read_new(store, run)
    assert asked[0]["after"] > 0 and list(curves.series["lr"].value) == [0.1, 0.2]
    assert len(curves.series["val/loss"]) == 10


def test_another_attempt_replaces_its_points(store, training):
    run, job = training
    curves = RunCurves(run.id)
    curves.read_new(store, run)
    store.metrics.begin_attempt(run.id, job.id, 20)
    assert curves.read_new(store, store.runs.get(run.id))
    assert list(curves.series["val/loss"].step) == [5, 10, 15, 20]


def test_many_points_are_thinned_and_none_of_them_breaks_the_chart(store, training):
    run, job = training
    write(store, run, job, "lr", np.random.default_rng(0).normal(size=5000).tolist())
    curves = RunCurves(run.id)
    curves.read_new(store, run)
    kinds = panel_kinds(curves, catalogue().tasks["classification"])
    drawn = {panel.id: panel for panel in panels(curves, kinds, axis="step", is_log=False, best_step=None)}
    (line,) = drawn["lr"].lines
    assert 100 < len(line.x) == len(line.y) <= MAX_POINTS
    assert all(len(line.x) <= MAX_POINTS for panel in drawn.values() for line in panel.lines)


def test_panels_show_what_there_is(store, training):
    run, _job = training
    curves = RunCurves(run.id)
    assert panel_kinds(curves, catalogue().tasks["classification"]) == {}
    curves.read_new(store, run)
    assert list(panel_kinds(curves, catalogue().tasks["classification"])) == ["loss", "accuracy", "f1_macro"]
    # A task that the catalogue has lost still has its loss.
    assert list(panel_kinds(curves, None)) == ["loss"]


def test_best_epoch_is_that_of_the_lowest_validation_loss(store, training):
    run, job = training
    curves = RunCurves(run.id)
    assert curves.best_step() is None and not curves.values("val/loss")
    write(store, run, job, "val/loss", [0.5, 0.01, 0.9])
    curves.read_new(store, run)
    assert curves.best_step() == 1
    assert list(curves.values("val/loss"))[-3:] == [0.5, 0.01, 0.9]
    kinds = panel_kinds(curves, None)
    (loss,) = panels(curves, kinds, axis="epoch", is_log=True, best_step=curves.best_step())
    assert loss.mark == pytest.approx(0.1) and loss.log


@pytest.mark.parametrize(
    ("seconds", "title", "last"),
    [(30, "Time (s)", 30), (900, "Time (min)", 15), (4 * 3600, "Time (h)", 4)],
)
def test_time_is_told_in_a_unit_that_fits(seconds, title, last):
    curves = RunCurves("r1", start=1000.0, series={"lr": Series()})
    for moment in (1000.0, 1000.0 + seconds):
        curves.series["lr"].time.append(moment)
        curves.series["lr"].value.append(1.0)
    to_x, found, _format = x_axis(curves, "time")
    assert found == title and to_x(curves.series["lr"])[-1] == pytest.approx(last)


def test_amounts_are_drawn_from_zero_and_memory_in_gigabytes(store, training):
    run, job = training
    write(store, run, job, "system/memory_bytes", [8e8, 2e9])
    curves = RunCurves(run.id)
    curves.read_new(store, run)
    kinds = panel_kinds(curves, None)
    memory = panels(curves, kinds, axis="step", is_log=False, best_step=None)[-1]
    assert memory.id == "memory" and memory.from_zero and memory.lines[0].y == [0.8, 2.0]


def test_a_constant_share_is_not_drawn_beyond_all(store, training):
    run, job = training
    store.metrics.begin_attempt(run.id, job.id, 0)
    for name in ("train/accuracy", "val/accuracy", "train/loss"):
        write(store, run, job, name, [1.0] * 5)
    write(store, run, job, "speed/rows_per_s", [40.0] * 5)
    curves = RunCurves(run.id)
    curves.read_new(store, store.runs.get(run.id))
    kinds = panel_kinds(curves, catalogue().tasks["classification"])
    drawn = {panel.id: panel for panel in panels(curves, kinds, axis="epoch", is_log=True, best_step=None)}
    assert drawn["accuracy"].span == pytest.approx((0.9, 1.004))
    assert drawn["loss"].log and drawn["loss"].span == pytest.approx(np.log10([0.9, 1.1]))
    assert drawn["speed"].span is None, "amounts are drawn from zero"
    write(store, run, job, "val/accuracy", [0.5])
    curves.read_new(store, store.runs.get(run.id))
    assert panels(curves, kinds, axis="epoch", is_log=False, best_step=None)[1].span is None


def test_a_single_point_has_room_around_it_until_there_are_more(store, training):
    run, job = training
    store.metrics.begin_attempt(run.id, job.id, 0)
    point = Point(name="train/loss", step=1, epoch=1 / 66, value=0.7, time=1000)
    store.metrics.write(run.id, job.id, [point, point.model_copy(update={"name": "val/loss"})])
    curves = RunCurves(run.id)
    curves.read_new(store, store.runs.get(run.id))

    def spans():
        return [
            panels(curves, panel_kinds(curves, None), axis=axis, is_log=False, best_step=1)[0].x_span
            for axis in ("epoch", "step", "time")
        ]

    assert spans() == [pytest.approx((0, 2 / 66)), (0, 2), (0, 1)]
    write(store, run, job, "train/loss", [0.9, 0.8])
    curves.read_new(store, store.runs.get(run.id))
    assert spans() == [None] * 3
