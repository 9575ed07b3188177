from leyden.reports.comparison import differing, rank
from leyden.reports.model import Interval, Report
from leyden.spec.model import Choice
from tests.leyden.factories import spec


def report(run: str, figures: dict[str, float], **intervals: tuple[float, float]) -> Report:
    return Report(
        run=run,
        part="val",
        checkpoint="best",
        epoch=1,
        step=1,
        num_rows=9,
        task="classification",
        target="species",
        figures=figures,
        intervals={name: Interval(low=low, high=high) for name, (low, high) in intervals.items()},
        sections=(),
    )


def test_only_what_differs_is_told():
    one, other = spec(seed=0), spec(seed=1)
    wide = other.model_copy(
        update={"architecture": {"tabular": Choice(name="mlp", options={"width": 64})}, "split": other.split}
    )
    assert differing([one, one]) == {} and differing([one]) == {}
    assert differing([one, other]) == {"seed": (0, 1)}
    assert differing([one, other, wide]) == {
        "seed": (0, 1, 1),
        "architecture.tabular.options.width": (None, None, 64),
    }


def test_options_that_come_with_another_choice_are_no_difference_of_their_own():
    def network(name, **options):
        return spec().model_copy(update={"architecture": {"tabular": Choice(name=name, options=options)}})

    linear, mlp, wide = network("linear"), network("mlp", width=8, layers=2), network("mlp", width=64, layers=2)
    assert differing([linear, mlp]) == {"architecture.tabular": ("linear", "mlp")}
    assert differing([linear, mlp, wide]) == {
        "architecture.tabular": ("linear", "mlp", "mlp"),
        "architecture.tabular.options.width": (None, 8, 64),
    }


def test_the_best_comes_first_and_what_may_be_chance_is_said():
    reports = {
        "low": report("low", {"f1": 0.5}, f1=(0.4, 0.6)),
        "best": report("best", {"f1": 0.9}, f1=(0.8, 0.95)),
        "near": report("near", {"f1": 0.85}, f1=(0.75, 0.9)),
        "bare": report("bare", {"f1": 0.89}),
        "other": report("other", {"accuracy": 1.0}),
    }
    ranked = rank(reports, "f1", higher_is_better=True)
    assert [place.run_id for place in ranked] == ["best", "bare", "near", "low"]
    assert [place.is_best for place in ranked] == [True, False, False, False]
    assert [place.may_be_chance for place in ranked] == [False, True, True, False]
    assert rank(reports, "f1", higher_is_better=False)[0].run_id == "low"
    assert rank(reports, "nothing", higher_is_better=True) == []


def test_a_best_run_without_an_interval_may_be_best_by_chance():
    reports = {
        "faultless": report("faultless", {"f1": 1.0}),
        "near": report("near", {"f1": 0.98}, f1=(0.95, 1.0)),
        "far": report("far", {"f1": 0.7}, f1=(0.6, 0.8)),
        "bare": report("bare", {"f1": 0.5}),
    }
    ranked = rank(reports, "f1", higher_is_better=True)
    assert [place.may_be_chance for place in ranked] == [False, True, False, False]


def test_equal_values_share_the_first_place():
    ranked = rank({"a": report("a", {"f1": 1.0}), "b": report("b", {"f1": 1.0})}, "f1", higher_is_better=True)
    assert [place.is_best for place in ranked] == [True, True]


def test_an_interval_turned_round_has_no_negative_zero():
    turned = Interval(low=-0.25, high=0.0).negated
    assert (turned.low, turned.high) == (0.0, 0.25) and "-" not in str(turned.low)
