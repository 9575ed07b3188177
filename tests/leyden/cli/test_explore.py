"""Listing, labelling and comparing runs from the command line, on runs that are written through the store."""

from collections.abc import Callable

import pandas as pd
import pytest

from leyden.home import Home
from leyden.reports.model import Interval
from leyden.store.store import Store
from tests.leyden.factories import add_dataset, add_run, spec
from tests.leyden.reports import judged
from tests.leyden.reports.test_comparison import report


@pytest.fixture
def three(home: Home, store: Store) -> list[str]:
    """Three runs that differ in their seed; two have a report."""
    runs = [add_run(store, name=f"run {seed}", seed=seed) for seed in range(3)]
    for run, value in zip(runs[:2], (0.6, 0.9), strict=True):
        store.reports.put(run.id, "val", headline="accuracy", figures={"accuracy": value}, num_rows=9)
        written = report(run.id, {"accuracy": value}, accuracy=(value - 0.05, value + 0.05))
        home.run(run.id).mkdir(parents=True)
        (home.run(run.id) / "report-val.json").write_text(written.model_dump_json())
    return [run.id for run in runs]


def test_runs_are_labelled_and_found_by_it(leyden: Callable, three: list[str]):
    labelled = leyden("label", *three[:2], "--tag", "论文", "--tag", "b", "--star", "--note", "keep", "--json")
    assert [run["tags"] for run in labelled.json["runs"]] == [["b", "论文"]] * 2
    leyden("label", three[1], "--untag", "b", "--unstar", "--name", "renamed")
    for options, expected in (
        (("--tag", "论文"), three[:2]),
        (("--tag", "论文", "--tag", "b"), three[:1]),
        (("--starred",), three[:1]),
        (("--search", "renamed"), three[1:2]),
        (("--status", "queued", "--sort", "name", "--ascending"), [three[1], three[0], three[2]][::-1]),
        (("--dataset", "d9"), []),
        (("--sort", "val/accuracy", "--limit", "1"), three[1:2]),
        (("--sort", "seed"), three[::-1]),
    ):
        listed = [row["id"] for row in leyden("runs", *options, "--json").json["runs"]]
        assert sorted(listed) == sorted(expected), options
    assert "论文" in leyden("runs").out


def test_labelling_an_unknown_run_changes_nothing(leyden: Callable, store: Store, three: list[str]):
    answer = leyden("label", three[0], "r-none", "--star")
    assert answer.code == 2 and "no run 'r-none'" in answer.err
    assert store.runs.count(is_starred=True) == 0


def test_comparing_ranks_and_tells_what_differs(leyden: Callable, three: list[str]):
    answer = leyden("compare", *three, "--json").json
    assert answer["metric"] == "accuracy"
    assert [place["run"] for place in answer["ranking"]] == [three[1], three[0]]
    assert answer["ranking"][0]["interval"] == pytest.approx(Interval(low=0.85, high=0.95).model_dump())
    assert answer["settings"] == {"seed": dict(zip(three, range(3), strict=True))}
    text = leyden("compare", *three).out
    best, behind = (
        next(line for line in text.splitlines() if line.startswith(run)) for run in (three[1], three[0])
    )
    assert "0.8500 to 0.9500" in best and best.endswith("best") and not behind.endswith("best")


def test_comparing_tells_how_far_a_run_is_behind_on_the_same_rows(leyden: Callable, home: Home, store: Store):
    runs = [add_run(store, seed=seed) for seed in range(2)]
    true = pd.Series(["Adelie", "Gentoo"] * 50)
    for run, num_wrong in zip(runs, (30, 10), strict=True):
        said = true.where(true.index >= num_wrong, "Gentoo")
        written = judged.write(
            home.run(run.id), "species", true, pd.DataFrame({"prediction": said}), ("Adelie", "Gentoo")
        )
        accuracy = (said == true).mean()
        store.reports.put(run.id, "val", headline="accuracy", figures={"accuracy": accuracy}, num_rows=100)
        told = written.model_copy(update={"run": run.id, "figures": {"accuracy": accuracy}})
        (home.run(run.id) / "report-val.json").write_text(told.model_dump_json())
    ids = [run.id for run in runs]
    behind = leyden("compare", *ids, "--json").json["ranking"][1]["behind"]
    assert 0 < behind["low"] < 0.1 < behind["high"]
    header, best, last = leyden("compare", *ids).out.splitlines()[:3]
    place = header.index("behind the best")
    assert last[place:].startswith(f"{behind['low']:.4f} to {behind['high']:.4f}")
    assert best[place:].split() == ["-", "best"]


def test_what_cannot_be_compared_is_refused(leyden: Callable, store: Store, three: list[str]):
    add_dataset(store, "d2", "others")
    other = store.runs.submit(spec("d2"), split_hash="s1")
    answer = leyden("compare", three[0], other.id)
    assert answer.code == 2 and "species of d1; species of d2" in answer.err
    assert "--metric must be one of" in leyden("compare", three[0], "--metric", "beauty").err


def test_a_run_without_a_report_is_named_as_left_out(leyden: Callable, home: Home, three: list[str]):
    (home.run(three[0]) / "report-val.json").unlink()
    answer = leyden("compare", *three, "--json")
    assert [place["run"] for place in answer.json["ranking"]] == [three[1]]
    gone, none = answer.err.splitlines()
    assert gone.startswith(three[0]) and "not in its folder" in gone
    assert none.startswith(three[2]) and "no validation report yet" in none


def test_a_name_that_is_empty_is_refused(leyden: Callable, store: Store, three: list[str]):
    answer = leyden("label", three[0], "--name", " ", "--tag", "b")
    assert answer.code == 2 and "--name must not be empty" in answer.err
    assert store.runs.get(three[0]).name == "run 0" and not store.runs.get(three[0]).tags
