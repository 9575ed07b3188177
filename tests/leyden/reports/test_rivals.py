import pytest

from leyden.reports.html import headline_html
from leyden.reports.model import Interval
from leyden.reports.rivals import (
    Rival,
    best_rival,
    headline_rival,
    rival_text,
    rivals_of,
    rivals_table,
    with_rivals,
)
from leyden.spec.model import Choice
from leyden.store.records import StoredBaseline
from leyden.store.store import Store
from lightning_modules.catalog import catalogue
from tests.leyden.factories import add_dataset, spec
from tests.leyden.reports.examples import SECTIONS, headline


def rival(name: str, accuracy: float | None, num_rows: int = 80) -> Rival:
    figures = {} if accuracy is None else {"accuracy": accuracy}
    return Rival(name=name, title=name.title(), summary="A.", figures=figures, num_rows=num_rows, of_rows=80)


@pytest.mark.parametrize(
    ("higher_is_better", "expected"),
    [(True, "linear"), (False, "constant")],
)
def test_the_best_is_by_the_figure_s_own_sense(higher_is_better, expected):
    rivals = [rival("constant", 0.4), rival("linear", 0.9), rival("boosting", 0.9), rival("broken", None)]
    assert best_rival(rivals, "accuracy", higher_is_better=higher_is_better).name == expected


def test_without_baselines_nothing_is_said():
    assert headline_rival(headline(), []) is None
    assert "baseline" not in headline_html(headline()) and "ly-strip-rival" not in headline_html(headline())
    assert with_rivals(tuple(SECTIONS.values()), []) == list(SECTIONS.values())


def test_the_best_baseline_stands_beside_the_headline():
    html = headline_html(headline(), [rival("constant", 0.4), rival("boosting", 0.98)])
    assert "0.9800 by the best baseline, boosting" in html and 'ly-strip-rival" style="left:98.0%' in html


@pytest.mark.parametrize(
    ("accuracy", "verdict"),
    [(0.9, "this model is better"), (0.96, "no clear difference"), (0.995, "better than this model")],
)
def test_the_best_baseline_is_better_or_worse_only_outside_of_the_interval(accuracy, verdict):
    section = headline()
    assert section.figures[0].value == 0.97
    assert rival_text(section, rival("linear", accuracy)).endswith(f"linear: {verdict}")


def test_there_is_no_verdict_while_others_are_being_trained():
    found = rival("constant", 0.1).model_copy(update={"more_to_come": True})
    told = rival_text(headline(), found)
    assert told == "0.1000 by the best baseline so far, constant: others are still to come"


@pytest.mark.parametrize(
    ("low", "high", "higher_is_better", "verdict"),
    [
        (0.01, 0.03, True, "this model is better, by 0.0100 to 0.0300"),
        (-0.03, -0.01, True, "better than this model, by 0.0100 to 0.0300"),
        (-0.01, 0.03, True, "no clear difference"),
        (-0.03, -0.01, False, "this model is better, by 0.0100 to 0.0300"),
        (0.01, 0.03, False, "better than this model, by 0.0100 to 0.0300"),
    ],
)
def test_where_the_lead_on_the_same_rows_is_known_it_decides(low, high, higher_is_better, verdict):
    section = headline()
    first = section.figures[0].model_copy(update={"higher_is_better": higher_is_better})
    section = section.model_copy(update={"figures": (first, *section.figures[1:])})
    lead = {first.name: Interval(low=low, high=high)}
    # Alone, 0.96 within the model's interval tells nothing.
    assert rival_text(section, rival("linear", 0.96).model_copy(update={"lead": lead})).endswith(f": {verdict}")


def test_without_an_interval_no_difference_is_clear():
    section = headline()
    bare = section.figures[0].model_copy(update={"interval": None})
    section = section.model_copy(update={"figures": (bare, *section.figures[1:])})
    assert rival_text(section, rival("linear", 0.9)).endswith("linear: no clear difference")


def test_dust_is_nothing_where_the_best_is_one_and_not_in_the_units_of_the_target(store: Store):
    add_dataset(store)
    asked = spec().model_copy(update={"task": Choice(name="regression"), "loss": Choice(name="mse")})
    run = store.runs.submit(asked, split_hash="s1")
    figures = {"r2": -5.7e-7, "mae": 1e-7, "rmse": 2.0}
    store.baselines.put(
        run.dataset_id,
        StoredBaseline(
            key=run.question,
            part="val",
            name="constant",
            headline="r2",
            figures=figures,
            intervals={"mae": (0.0, 2e-7)},
            num_rows=9,
            of_rows=9,
            duration_s=0.1,
        ),
    )
    [found] = rivals_of(store, catalogue(), run, "val")
    assert found.figures == {**figures, "r2": 0.0}
    assert found.intervals == {"mae": Interval(low=0.0, high=2e-7)}


def test_the_table_names_the_model_first_and_says_who_learned_from_fewer_rows():
    table = rivals_table(headline(), [rival("constant", 0.4), rival("linear", 0.9, num_rows=50)])
    assert [row[0] for row in table.rows] == ["This model", "Constant", "Linear"]
    assert [row[1] for row in table.rows] == [0.97, 0.4, 0.9]
    assert [row[-2:] for row in table.rows[1:]] == [("all rows", "A."), ("50 of 80 rows", "A.")]


def test_the_table_stands_before_all_numbers():
    sections = with_rivals(tuple(SECTIONS.values()), [rival("linear", 0.9)])
    assert [section.type for section in sections][-2:] == ["table", SECTIONS["bars"].type]
