"""Between two classes: where the line is drawn, and what that finds, misses and costs."""

from functools import lru_cache

import streamlit as st

from leyden.palette import PALETTES
from leyden.reports.exploring import threshold_figure
from leyden.reports.model import Line, Report
from leyden.reports.outcomes import Outcomes
from leyden.reports.thresholds import Decision, Thresholds, thresholds_of
from ui import layout, state
from ui.format import number, plain
from ui.layout import Fact
from ui.words import _

PARAMETER = "threshold"
SLIDER = "report.threshold"
MOVED, OF_TEST = "report.threshold-moved", "report.threshold-of-test"
FALSE_POSITIVE, FALSE_NEGATIVE = "report.cost-false-positive", "report.cost-false-negative"


def threshold_view(report: Report, outcomes: Outcomes) -> None:
    """Draws slider, costs and figures for validation rows; for test rows, what the threshold chosen there leads to."""
    assert outcomes.classes is not None
    positive = outcomes.classes[1]
    thresholds, lines = _thresholds(outcomes)
    if report.part == "test":
        layout.section(_("At the chosen threshold"), _("Chosen on the validation rows, above."))
        layout.facts(_facts(thresholds.at(_chosen()), positive))
        state.remember(OF_TEST, report.run)
        return
    layout.section(_("Threshold"))
    about = _("A row is answered with '{name}' when its probability is at least the threshold.")
    layout.quiet(about.format(name=positive))
    left, right = st.columns([2, 3], gap="medium")
    with left:
        key = state.widget_key(SLIDER, _chosen())
        label = _("Answer '{name}' from").format(name=plain(positive))
        threshold = st.slider(label, 0.0, 1.0, _chosen(), 0.01, key=key, on_change=_keep, args=(key,))
        _costs(thresholds)
    with right:
        named = [line.model_copy(update={"name": _(line.name)}) for line in lines]
        figure = threshold_figure(named, threshold, PALETTES[state.mode()], _("Threshold"))
        config = {"displayModeBar": False}
        st.plotly_chart(figure, theme=None, key="report.threshold-chart", config=config, alt=_("Threshold"))
    layout.facts(_facts(thresholds.at(threshold), positive))
    _catch_up(report)


@lru_cache(maxsize=4)
def _thresholds(outcomes: Outcomes) -> tuple[Thresholds, tuple[Line, ...]]:
    thresholds = thresholds_of(outcomes)
    return thresholds, thresholds.lines()


def _chosen() -> float:
    """The threshold in the address; a half where there is none."""
    try:
        value = float(state.parameter(PARAMETER) or "")
    except ValueError:
        return 0.5
    return value if 0 <= value <= 1 else 0.5


def _keep(key: str) -> None:
    state.set_parameter(PARAMETER, f"{state.recall(key, 0.5):g}")
    _moved()


def _moved() -> None:
    state.remember(MOVED, True)


def _catch_up(report: Report) -> None:
    """Runs the page once more after a move where test rows follow from it: this part is drawn without them."""
    has_moved = state.recall(MOVED, False)
    state.forget(MOVED)
    if has_moved and state.recall(OF_TEST, None) == report.run:
        st.rerun(scope="app")


def _costs(thresholds: Thresholds) -> None:
    """What a mistake of each kind costs, and the button that goes where all of them cost least."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.number_input(
            _("Cost of a false alarm"),
            min_value=0.0,
            value=1.0,
            key=FALSE_POSITIVE,
            on_change=_moved,
            help=_("What it costs to answer yes where no is true, in any unit."),
        )
        st.number_input(
            _("Cost of a miss"),
            min_value=0.0,
            value=1.0,
            key=FALSE_NEGATIVE,
            on_change=_moved,
            help=_("What it costs to answer no where yes is true, in the same unit."),
        )
        st.button(
            _("Cheapest"),
            icon=":material/my_location:",
            key="report.cheapest",
            help=_("Goes to the threshold whose mistakes cost least on these rows."),
            on_click=_go_to_cheapest,
            args=(thresholds,),
        )


def _go_to_cheapest(thresholds: Thresholds) -> None:
    cheapest = thresholds.cheapest(_cost(FALSE_POSITIVE), _cost(FALSE_NEGATIVE))
    state.set_parameter(PARAMETER, f"{cheapest:g}")
    _moved()


def _cost(key: str) -> float:
    return float(state.recall(key, 1.0))


def _facts(decision: Decision, positive: str) -> list[Fact]:
    about = {
        _("False alarms"): _("Rows that were answered with '{name}' and are not."),
        _("Misses"): _("Rows that are '{name}' and were not answered so."),
    }
    alarms, misses = ((label, text.format(name=positive)) for label, text in about.items())
    return [
        Fact(_("Precision"), number(decision.precision)),
        Fact(_("Recall"), number(decision.recall)),
        Fact(_("F1"), number(decision.f1)),
        Fact(_("Accuracy"), number(decision.accuracy)),
        Fact(alarms[0], number(decision.false_positives), help=alarms[1]),
        Fact(misses[0], number(decision.false_negatives), help=misses[1]),
        Fact(_("Cost"), number(decision.cost(_cost(FALSE_POSITIVE), _cost(FALSE_NEGATIVE)))),
    ]
