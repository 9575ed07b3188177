import time
import warnings

import numpy as np
import pandas as pd
import pytest
import torch
from scipy.special import expit
from scipy.stats import norm, t
from sklearn import metrics

from leyden.catalogue import TaskCard
from leyden.errors import RunError
from leyden.reports.model import Bars, Calibration, Confusion, Curves, Headline, Table
from leyden.spec.model import Choice
from lightning_modules.catalog import catalogue
from lightning_modules.tasks.build import fit_task, task_from_plain
from lightning_modules.tasks.classification.curves import OneAgainstRest
from lightning_modules.tasks.classification.intervals import area_interval
from lightning_modules.tasks.classification.target import find_positive

CARD: TaskCard = catalogue().tasks["classification"]


def fitted(*names: str) -> object:
    return fit_task(Choice(name="classification"), pd.Series(list(names), name="kind"))


def random_case(num_rows: int, num_classes: int, seed: int = 0, skill: float = 1.0):
    """A task, its probabilities for some rows, and the true classes of those."""
    rng = np.random.default_rng(seed)
    names = np.array([f"class {index:03d}" for index in range(num_classes)])
    true = rng.integers(0, num_classes, num_rows)
    logits = rng.normal(size=(num_rows, num_classes)) + skill * np.eye(num_classes)[true]
    probabilities = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    task = fitted(*names, *names[:1])
    return task, probabilities.astype(np.float32), pd.Series(names[true], name="kind")


def judge(task, probabilities, values):
    return task.judge(probabilities, values, np.arange(len(values)))


def section(judgement, kind, title=""):
    return next(item for item in judgement.sections if isinstance(item, kind) and title in item.title)


class TestFitting:
    def test_classes_are_those_of_the_training_rows_in_order(self):
        task = fitted("b", "a", "b", "c")
        assert task.classes == ("a", "b", "c") and task.class_counts == (1, 2, 1) and task.num_outputs == 3

    def test_numbers_as_classes_are_ordered_as_numbers(self):
        task = fit_task(Choice(name="classification"), pd.Series([10, 9, 2, 10], name="digit"))
        assert task.classes == ("2", "9", "10")

    def test_the_second_of_two_classes_is_the_positive_one(self):
        task = fit_task(Choice(name="classification"), pd.Series([True, False, True], name="spam"))
        assert task.classes == ("false", "true")

    @pytest.mark.parametrize(
        ("classes", "counts", "positive"),
        [
            (("fraud", "ok"), (1, 99), 0),
            (("ham", "spam"), (87, 13), 1),
            (("left", "right"), (49, 51), 1),
            (("0", "1"), (2, 98), 1),
            (("No", "Yes"), (2, 98), 1),
            (("是", "非"), (98, 2), 0),
            (("1", "2"), (70, 30), 1),
            (("1", "2"), (30, 70), 0),
            (("x", "y"), (10, 90), 0),
        ],
    )
    def test_of_two_classes_yes_or_the_rarer_one_is_looked_for(self, classes, counts, positive):
        assert find_positive(classes, counts) == positive
        task = fitted(*(name for name, rows in zip(classes, counts, strict=True) for _ in range(rows)))
        probabilities = np.random.default_rng(0).dirichlet([1, 1], 60).astype(np.float32)
        judgement = judge(task, probabilities, pd.Series(np.resize(task.classes, 60), name="kind"))
        assert judgement.positive == classes[positive]
        roc = next(item for item in judgement.sections if isinstance(item, Curves))
        assert roc.lines[0].name.startswith(f"{judgement.positive} (AUC")

    def test_what_every_draw_agrees_on_has_no_interval(self):
        task, values = fitted("no", "no", "yes"), pd.Series(["no", "yes"] * 40)
        probabilities = np.tile(np.float32([0.9, 0.1]), (80, 1))
        intervals = judge(task, probabilities, values).intervals
        assert "recall_macro" not in intervals and "accuracy" in intervals

    def test_unseen_and_missing_classes_are_encoded_as_minus_one(self):
        encoded = fitted("a", "b").encode(pd.Series(["b", "c", None, "a", " b "]))
        assert encoded.dtype == np.int64 and encoded.tolist() == [1, -1, -1, 0, 1]

    def test_encoded_targets_can_become_tensors_as_they_are(self):
        assert fitted("a", "b").encode(pd.Series(["b"])).flags.writeable

    def test_one_class_cannot_be_learned(self):
        with pytest.raises(RunError) as failure:
            fitted("a", "a")
        assert "'kind'" in str(failure.value) and "only: a" in str(failure.value)

    def test_it_survives_json(self):
        task = fitted("a", "b", "b")
        again = task_from_plain(task.to_plain())
        assert again.to_plain() == task.to_plain() and again.classes == ("a", "b")


class TestOutputs:
    def test_members_probabilities_are_averaged(self):
        logits = torch.randn(5, 4, 2)
        outputs = fitted("a", "b").activate(logits)
        assert torch.allclose(outputs, logits.softmax(-1).mean(1))
        assert torch.allclose(fitted("a", "b").activate(logits[:, 0]), logits[:, 0].softmax(-1))

    def test_half_precision_logits_give_full_precision_probabilities(self):
        assert fitted("a", "b").activate(torch.randn(5, 2, dtype=torch.bfloat16)).dtype == torch.float32

    def test_columns_name_the_class_and_every_probability(self):
        frame = fitted("a", "b").columns(np.array([[0.2, 0.8], [0.9, 0.1], [np.nan, np.nan]]))
        assert list(frame.columns) == ["prediction", "p_a", "p_b"]
        assert frame["prediction"].tolist()[:2] == ["b", "a"] and frame["prediction"].isna().tolist()[2]
        assert frame["p_b"].tolist()[:2] == [0.8, 0.1]


class TestLiveMetrics:
    @pytest.mark.parametrize("unseen", [False, True])
    def test_they_are_the_reports_figures(self, unseen: bool):
        task, probabilities, values = random_case(200, 4)
        if unseen:
            values[:7] = "never trained"
        live = task.live_metrics()
        target = task.raw_target(torch.from_numpy(task.encode(values)))
        for rows in (slice(0, 90), slice(90, 200)):
            live.update(torch.from_numpy(probabilities[rows]), target[rows])
        figures = judge(task, probabilities, values).figures
        computed = live.compute()
        assert set(computed) == {metric.name for metric in CARD.metrics if metric.is_live}
        assert computed == pytest.approx({name: figures[name] for name in computed}, abs=1e-6)

    def test_reset_forgets(self):
        task, probabilities, values = random_case(50, 3)
        live, target = task.live_metrics(), torch.from_numpy(task.encode(values))
        live.update(torch.from_numpy(probabilities[:, [1, 2, 0]].copy()), target)
        live.reset()
        live.update(torch.from_numpy(probabilities), target)
        assert live.compute()["accuracy"] == pytest.approx(judge(task, probabilities, values).figures["accuracy"])

    def test_nothing_of_them_is_saved(self):
        assert fitted("a", "b").live_metrics().state_dict() == {}


class TestJudgement:
    @pytest.mark.parametrize(("num_rows", "num_classes"), [(300, 5), (60, 2), (40, 10)])
    def test_figures_are_scikit_learns(self, num_rows: int, num_classes: int):
        task, probabilities, values = random_case(num_rows, num_classes)
        figures = judge(task, probabilities, values).figures
        true, wide = task.encode(values), probabilities.astype(np.float64)
        wide /= wide.sum(1, keepdims=True)
        predicted = probabilities.argmax(1)
        expected = {
            "accuracy": metrics.accuracy_score(true, predicted),
            "balanced_accuracy": metrics.balanced_accuracy_score(true, predicted),
            "log_loss": metrics.log_loss(true, wide, labels=range(num_classes)),
            "roc_auc": metrics.roc_auc_score(true, wide[:, 1])
            if num_classes == 2
            else metrics.roc_auc_score(true, wide, multi_class="ovr"),
        }
        for average in ("macro", "weighted"):
            scores = metrics.precision_recall_fscore_support(true, predicted, average=average, zero_division=0)
            names = ("precision", "recall", "f1")
            expected |= {f"{name}_{average}": score for name, score in zip(names, scores, strict=False)}
        assert {name: figures[name] for name in expected} == pytest.approx(expected, abs=1e-6)

    def test_every_figure_has_a_card_and_the_headline_comes_first(self):
        judgement = judge(*random_case(100, 3))
        assert set(judgement.figures) <= {metric.name for metric in CARD.metrics}
        headline = judgement.sections[0]
        assert isinstance(headline, Headline) and headline.figures[0].name == CARD.headline
        assert all(figure.interval.low <= figure.value <= figure.interval.high for figure in headline.figures)

    def test_no_mistake_among_few_rows_is_no_proof(self):
        task, _, values = random_case(60, 3)
        outputs = np.eye(3, dtype=np.float32)[task.encode(values)]
        judgement = judge(task, outputs, values)
        [note] = judgement.notes
        # 1 - statsmodels.stats.proportion.proportion_confint(60, 60, method="wilson")[0] is 0.0602.
        assert note.code == "no_mistakes" and "up to 6 %" in note.text
        assert judgement.intervals["accuracy"].low == pytest.approx(0.9398, abs=1e-4)
        assert set(judgement.intervals) == {"accuracy", "recall_weighted"}, "others would be from 1 to 1"
        outputs[0] = np.roll(outputs[0], 1)
        assert judge(task, outputs, values).notes == ()

    def test_the_bars_of_confidence_hold_every_row(self):
        bars = judge(*random_case(100, 3)).sections[6]
        assert isinstance(bars, Bars) and sum(bars.counts) == 100
        assert (bars.edges[0], bars.edges[-1]) == (0, 1) and not any(bars.counts[:4]), "of three, one has a third"

    def test_the_blind_figure_is_that_of_the_training_rows_majority(self):
        task = fitted("a", "a", "b")
        judgement = judge(task, np.array([[0.1, 0.9]] * 4), pd.Series(["b", "b", "b", "a"]))
        headline = section_headline(judgement)
        assert headline.blind.value == 0.25 and "'a'" in headline.blind_note.text

    def test_sections_come_in_the_reports_order(self):
        kinds = [type(item) for item in judge(*random_case(100, 3)).sections]
        assert kinds == [Headline, Confusion, Table, Curves, Curves, Calibration, Bars, Table]

    def test_confusion_counts_true_by_predicted(self):
        task = fitted("a", "b")
        outputs = np.array([[0.9, 0.1], [0.9, 0.1], [0.2, 0.8]])
        confusion = section(judge(task, outputs, pd.Series(["a", "b", "b"])), Confusion)
        assert confusion.counts == ((1, 0), (1, 1)) and confusion.classes == ("a", "b")

    def test_the_worst_class_stands_first(self):
        table = section(judge(*random_case(400, 5)), Table, "class")
        scores = [row[3] for row in table.rows[:5]]
        assert scores == sorted(scores) and len(table.rows) == 7

    def test_curves_name_their_areas(self):
        judgement = judge(*random_case(200, 3))
        roc, precision_recall = (item for item in judgement.sections if isinstance(item, Curves))
        assert len(roc.lines) == 3 and all("AUC" in line.name for line in roc.lines) and roc.diagonal
        assert all("AP" in line.name for line in precision_recall.lines) and precision_recall.steps
        assert all(line.x[0] == 0 and line.x[-1] == 1 and line.y[-1] == 1 for line in roc.lines)

    def test_two_classes_have_one_curve(self):
        roc = next(item for item in judge(*random_case(200, 2)).sections if isinstance(item, Curves))
        assert len(roc.lines) == 1 and roc.lines[0].name.startswith("class 001")

    def test_long_curves_are_thinned_without_losing_their_area(self):
        task, probabilities, values = random_case(20_000, 2)
        judgement = judge(task, probabilities, values)
        line = next(item for item in judgement.sections if isinstance(item, Curves)).lines[0]
        assert len(line.x) <= 1000
        assert np.trapezoid(line.y, line.x) == pytest.approx(judgement.figures["roc_auc"], abs=2e-3)

    def test_intervals_are_those_of_resampled_rows(self):
        task, probabilities, values = random_case(400, 4)
        judgement = judge(task, probabilities, values)
        true, predicted = task.encode(values), probabilities.argmax(1)
        rng, scores = np.random.default_rng(1), []
        for _ in range(400):
            rows = rng.integers(0, 400, 400)
            scores.append(metrics.f1_score(true[rows], predicted[rows], average="macro"))
        low, high = np.percentile(scores, [2.5, 97.5])
        interval = judgement.intervals["f1_macro"]
        assert (interval.low, interval.high) == pytest.approx((low, high), abs=0.015)

    def test_the_interval_of_one_area_is_delong_s(self):
        """Written out pair by pair: how often each row of one class is above one of the other."""
        task, probabilities, values = random_case(80, 2)
        probabilities = probabilities.round(1)  # Rows of one probability stand beside each other.
        true = task.encode(values)
        wide = probabilities.astype(np.float64) / probabilities.astype(np.float64).sum(1, keepdims=True)
        gaps = wide[true == 1, 1][:, None] - wide[true == 0, 1][None, :]
        wins = (gaps > 0) + 0.5 * (gaps == 0)
        variance = sum(wins.mean(axis).var(ddof=1) / wins.shape[1 - axis] for axis in (0, 1))
        area, error = wins.mean(), np.sqrt(variance)
        half = t.ppf(0.975, np.bincount(true).min() - 1) * error / (area * (1 - area))
        odds = np.exp(np.log(area / (1 - area)) + np.array([-half, half]))
        interval = judge(task, probabilities, values).intervals["roc_auc"]
        assert (interval.low, interval.high) == pytest.approx(tuple(odds / (1 + odds)), abs=1e-9)

    def test_intervals_of_probabilities_are_those_of_resampled_rows(self):
        task, probabilities, values = random_case(400, 4)
        intervals = judge(task, probabilities, values).intervals
        true, wide = task.encode(values), probabilities.astype(np.float64)
        wide /= wide.sum(1, keepdims=True)
        rng, drawn = np.random.default_rng(1), []
        for _ in range(400):
            rows = rng.integers(0, 400, 400)
            area = metrics.roc_auc_score(true[rows], wide[rows], multi_class="ovr")
            drawn.append((area, metrics.log_loss(true[rows], wide[rows])))
        for name, (low, high) in zip(
            ("roc_auc", "log_loss"), np.percentile(drawn, [2.5, 97.5], axis=0).T, strict=True
        ):
            interval = intervals[name]
            assert (interval.low, interval.high) == pytest.approx((low, high), abs=0.01)

    @pytest.mark.parametrize(("num_rows", "is_told"), [(1, False), (4, False), (5, True)])
    def test_a_class_of_very_few_rows_has_no_interval_of_its_area(self, num_rows: int, is_told: bool):
        task, probabilities, values = random_case(40, 2)
        values[:] = "class 000"
        values[:num_rows] = "class 001"
        judgement = judge(task, probabilities, values)
        assert "roc_auc" in judgement.figures and ("roc_auc" in judgement.intervals) is is_told

    @pytest.mark.parametrize("num_rows", [6, 12])
    def test_intervals_of_areas_hold_where_a_class_is_rare(self, num_rows: int):
        """Of 500 samples of two bells whose area is known, about 95 % of the intervals must hold it."""
        rng, distance, held = np.random.default_rng(0), 1.0, 0
        is_true = np.arange(150) < num_rows
        for _ in range(500):
            scores = expit(rng.normal(size=150) + distance * is_true)
            interval = area_interval([OneAgainstRest(1, "b", is_true, scores)])
            held += interval.low <= norm.cdf(distance / np.sqrt(2)) <= interval.high
        assert 0.92 < held / 500 < 0.98

    def test_it_is_the_same_every_time(self):
        assert judge(*random_case(100, 3)) == judge(*random_case(100, 3))

    def test_twenty_thousand_rows_take_less_than_three_seconds(self):
        case = random_case(20_000, 10)
        start = time.process_time()
        judge(*case)
        assert time.process_time() - start < 3

    def test_a_hundred_and_more_classes_stay_readable(self):
        judgement = judge(*random_case(3000, 150, skill=3.0))
        assert not any(isinstance(item, Confusion) for item in judgement.sections)
        listed = section(judgement, Table, "confusions")
        counts = [row[2] for row in listed.rows]
        assert counts == sorted(counts, reverse=True) and 0 < len(counts) <= 100
        assert all(len(item.lines) <= 10 for item in judgement.sections if isinstance(item, Curves))


def section_headline(judgement) -> Headline:
    return next(item for item in judgement.sections if isinstance(item, Headline))


class TestOddRows:
    def test_classes_that_were_not_trained_count_as_errors_and_are_noted(self):
        task, probabilities, values = random_case(100, 3, skill=50.0)
        values[:10] = "new"
        judgement = judge(task, probabilities, values)
        assert judgement.figures["accuracy"] == pytest.approx(0.9)
        assert section(judgement, Confusion).classes[-1] == "new"
        assert any(note.code == "classes_not_trained" and "10 rows" in note.text for note in judgement.notes)

    def test_only_classes_that_were_not_trained(self):
        judgement = judge(fitted("a", "b"), np.full((3, 2), 0.5), pd.Series(["x", "y", "z"]))
        assert judgement.figures["accuracy"] == 0 and "log_loss" not in judgement.figures

    def test_one_class_only(self):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            judgement = judge(fitted("a", "b"), np.array([[0.7, 0.3], [0.2, 0.8]]), pd.Series(["a", "a"]))
        assert "roc_auc" not in judgement.figures and judgement.figures["accuracy"] == 0.5
        assert not any(isinstance(item, Curves) for item in judgement.sections)
        assert any(note.code == "classes_not_judged" for note in judgement.notes)

    def test_answers_that_are_no_numbers_count_as_the_blind_answer(self):
        task = fitted("a", "a", "b")
        outputs = np.array([[np.nan, np.nan], [np.nan, np.nan], [0.1, 0.9]])
        judgement = judge(task, outputs, pd.Series(["a", "b", "b"]))
        assert judgement.figures["accuracy"] == pytest.approx(2 / 3)
        assert any(note.code == "outputs_not_finite" and "2 of 3" in note.text for note in judgement.notes)
        assert np.isfinite(list(judgement.figures.values())).all()

    def test_no_rows(self):
        judgement = judge(fitted("a", "b"), np.empty((0, 2)), pd.Series([], dtype="str"))
        assert judgement.figures == {} and judgement.sections == ()

    def test_rows_without_a_class_are_left_out(self):
        judgement = judge(fitted("a", "b"), np.array([[0.7, 0.3], [0.2, 0.8]]), pd.Series(["a", None]))
        assert judgement.figures["accuracy"] == 1.0

    def test_sure_and_wrong_has_a_finite_log_loss(self):
        judgement = judge(fitted("a", "b"), np.array([[1.0, 0.0], [0.0, 1.0]]), pd.Series(["b", "b"]))
        assert np.isfinite(judgement.figures["log_loss"])
