"""Row by row: the answers of two runs, and what became of the rows between them."""

import pandas as pd

from leyden.spec.model import Choice
from tests.pages.compared import ids, report
from tests.pages.conftest import texts


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


def test_answers_stand_side_by_side(open_page, three):
    at = open_page("compare", runs=ids(three), tab="Row by row", to=three[1].id)
    text = texts(at)
    assert 'data-testid="answers"' in text and "gets" in text and "✗" in text and "✓" in text
    assert "body_mass_g" in text
