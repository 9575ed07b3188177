import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from leyden import actions
from leyden.datasets.profile import Histogram, LengthSummary, Profile
from leyden.datasets.read import load_profile
from leyden.home import PROJECT, Home
from leyden.jobs.baselines import missing_baselines
from leyden.reports.outcomes import outcomes_in
from leyden.reports.rivals import rivals_of
from leyden.store.records import Run, StoredBaseline
from leyden.store.store import Store
from lightning_modules.baselines import models, work
from lightning_modules.baselines.features import linear_features
from lightning_modules.baselines.work import train_baselines
from lightning_modules.catalog import catalogue
from lightning_modules.tasks.classification import baselines as classification
from lightning_modules.tasks.classification.target import find_classes
from tests.lightning_modules.workspace import add_pictures, add_table, claim, flowers, prices, submit

ENGLISH = ("what a lovely day", "lovely people here", "a sad and awful film", "awful, simply awful")
MOODS = ("good", "bad")
CHINESE = ("今天天气真好", "这里的人真好", "这部电影太差了", "差得不能再差")


@pytest.fixture(autouse=True)
def asleep(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "wake_supervisor", lambda home: False)


def trained(home: Home, store: Store, run: Run, part: str = "val") -> Mapping[str, StoredBaseline]:
    """The baselines of a run by name, trained as the job does."""
    assert actions.queue_baselines(home, store, catalogue(), run, part) is not None
    context = claim(home, store, "idle")
    result = train_baselines(context)
    assert result["baselines"]
    store.jobs.end(context.job.id, context.owner, "finished", result=result)
    return {one.name: one for one in store.baselines.list(run.question, part)}


def test_tables_are_classified(home: Home, store: Store):
    add_table(home, store, flowers())
    found = trained(home, store, submit(home, store, "kind"))
    assert list(found) == ["constant", "linear", "boosting"]
    accuracy = {name: one.figures["accuracy"] for name, one in found.items()}
    assert accuracy["constant"] < 0.5 < 0.8 < min(accuracy["linear"], accuracy["boosting"])
    assert found["linear"].headline == "accuracy" and found["linear"].num_rows == found["linear"].of_rows == 84


@pytest.mark.parametrize(("table", "target", "figure"), [(flowers, "kind", "accuracy"), (prices, "price", "r2")])
def test_their_answers_are_kept_and_give_the_figures(home: Home, store: Store, table, target, figure):
    add_table(home, store, table())
    run = submit(home, store, target)
    found = trained(home, store, run)
    classes = find_classes(table()[target])[0] if figure == "accuracy" else None
    for name, one in found.items():
        outcomes = outcomes_in(home.baseline_answers("d1", run.question, "val", name), target, classes)
        judged = (
            outcomes.is_right.mean()
            if classes
            else 1 - (outcomes.error**2).sum() / ((outcomes.true - outcomes.true.mean()) ** 2).sum()
        )
        assert judged == pytest.approx(one.figures[figure])
        if figure in one.intervals:  # A constant answer has no spread to tell one from.
            low, high = one.intervals[figure]
            assert low <= one.figures[figure] <= high
    assert all(figure in found[name].intervals for name in ("linear", "boosting"))


def test_answers_do_not_bring_a_deleted_dataset_back(home: Home, store: Store):
    add_table(home, store, flowers())
    run = submit(home, store, "kind")
    path = home.baseline_answers("d1", run.question, "val", "linear")
    shutil.rmtree(home.dataset("d1"))
    with pytest.raises(FileNotFoundError):
        work._write_answers(path, flowers())
    assert not home.dataset("d1").exists()


def test_numbers_are_predicted(home: Home, store: Store):
    add_table(home, store, prices())
    found = trained(home, store, submit(home, store, "price"))
    assert abs(found["constant"].figures["r2"]) < 0.2
    assert found["linear"].figures["r2"] > 0.95 and found["boosting"].figures["r2"] > 0.7


def test_dates_and_gaps_are_read(home: Home, store: Store):
    days = pd.date_range("2024-01-01", periods=140)
    values = np.where(days.day_of_week >= 5, "weekend", "weekday")
    days = days.as_unit("us").where(np.arange(140) % 20 != 3).insert(0, pd.Timestamp("1066-10-14"))[:140]
    values = np.roll(values, 1)
    frame = pd.DataFrame({"day": days, "empty": np.nan, "kind": values})
    add_table(home, store, frame, empty="number")
    found = trained(home, store, submit(home, store, "kind"))
    assert found["boosting"].figures["accuracy"] > 0.85


def test_pictures_are_told_apart_by_their_gray_pixels(home: Home, store: Store):
    add_pictures(home, store, 40)
    found = trained(home, store, submit(home, store, "label"))
    assert list(found) == ["constant", "linear"]
    assert found["linear"].figures["accuracy"] == 1.0


def test_texts_mean_what_they_mean_to_the_networks():
    features = linear_features(Home(Path("/nowhere")), {"code": "text"}, Profile.model_construct(columns=()))
    features.fit(pd.DataFrame({"code": pd.Series([5.0, None, 7.5])}))
    words = features.named_transformers_["text"].named_transformers_["text 0"][-1].get_feature_names_out()
    assert words.tolist() == ["5", "7", "7 5"], "a whole number is written without a point"


@pytest.mark.parametrize(("sentences", "is_cjk"), [(ENGLISH, False), (CHINESE, True)], ids=["English", "Chinese"])
def test_texts_are_told_apart_by_their_words(home: Home, store: Store, sentences: tuple[str, ...], is_cjk: bool):
    frame = pd.DataFrame(
        {"text": [*sentences * 5, None, " "], "mood": [*["good", "good", "bad", "bad"] * 5, *MOODS]}
    )
    add_table(home, store, frame, text="text")
    lengths = LengthSummary(
        shortest=5, longest=30, mean=9, histogram=Histogram(edges=(5, 30), counts=(20,)), is_cjk=is_cjk
    )
    profile = load_profile(home, "d1")
    text = profile.columns[0].model_copy(update={"lengths": lengths})
    profile = profile.model_copy(update={"columns": (text, *profile.columns[1:])})
    task = classification.fit(frame["mood"])
    model = models.linear(models.Setting(home, {"text": "text"}, profile, task)).model
    model.fit(frame[["text"]], task.encode(frame["mood"]))
    answers = task.outputs(model, frame[["text"]][:20]).argmax(axis=1)
    assert [task.classes[answer] for answer in answers] == list(frame["mood"][:20])


def test_runs_that_ask_the_same_share_their_baselines(home: Home, store: Store):
    add_table(home, store, flowers())
    first, second = (submit(home, store, "kind", {"seed": seed}) for seed in (0, 1))
    other = submit(home, store, "kind", {"split.seed": 1})
    assert actions.queue_baselines(home, store, catalogue(), first, "val") == actions.queue_baselines(
        home, store, catalogue(), second, "val"
    )
    trained(home, store, first)
    assert actions.queue_baselines(home, store, catalogue(), second, "val") is None
    assert set(store.baselines.of((second.question, other.question), "val")) == {first.question}


def test_only_what_is_missing_is_trained(home: Home, store: Store, monkeypatch: pytest.MonkeyPatch):
    add_table(home, store, flowers())
    run = submit(home, store, "kind")

    def refuse(setting: models.Setting) -> models.Baseline:
        raise ValueError("empty vocabulary; perhaps the texts hold no word\nsecond line")

    with monkeypatch.context() as patch:
        patch.setattr(models, "linear", refuse)
        first = trained(home, store, run)
    assert list(first) == ["constant", "boosting"], "one that fails costs the others nothing"
    rivals = {rival.name: rival for rival in rivals_of(store, catalogue(), run, "val")}
    assert list(rivals) == ["constant", "linear", "boosting"] and not rivals["linear"].figures
    failure = rivals["linear"].failure
    assert failure and failure.text == "ValueError: empty vocabulary; perhaps the texts hold no word"
    assert [card.name for card in missing_baselines(store, catalogue(), run, "val")] == ["linear"]
    second = trained(home, store, run)
    assert set(second) == {"constant", "linear", "boosting"}
    assert all(second[name] == first[name] for name in first), "what was there is not trained once more"
    assert not any(rival.failure for rival in rivals_of(store, catalogue(), run, "val"))
    assert actions.queue_baselines(home, store, catalogue(), run, "val") is None


def test_test_rows_have_baselines_of_their_own(home: Home, store: Store):
    add_table(home, store, flowers())
    run = submit(home, store, "kind")
    on_val = trained(home, store, run)
    assert store.baselines.list(run.question, "test") == []
    assert trained(home, store, run, "test")["linear"].figures != on_val["linear"].figures


def test_what_would_take_long_learns_from_fewer_rows(home: Home, store: Store, monkeypatch: pytest.MonkeyPatch):
    add_table(home, store, flowers())
    monkeypatch.setattr(models, "MAX_ROWS", 50)
    found = trained(home, store, submit(home, store, "kind"))
    assert {(one.num_rows, one.of_rows) for one in found.values()} == {(50, 84)}


def test_they_go_with_their_dataset(home: Home, store: Store):
    add_table(home, store, flowers())
    run = submit(home, store, "kind")
    trained(home, store, run)
    store.jobs.end(claim(home, store).job.id, "test", "stopped")
    store.runs.delete(run.id)
    assert store.baselines.list(run.question, "val")
    store.datasets.delete("d1")
    assert store.baselines.list(run.question, "val") == []


def test_their_process_imports_no_torch():
    modules = (
        "baselines.work",
        "baselines.models",
        "tasks.classification.baselines",
        "tasks.regression.baselines",
    )
    imports = "".join(f"import lightning_modules.{module}; " for module in modules)
    code = f"import sys; {imports} print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
