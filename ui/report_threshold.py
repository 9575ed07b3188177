"""Between two classes: where the line is drawn, and what that finds, misses and costs."""

from collections.abc import Mapping, Sequence
from functools import lru_cache, partial

import streamlit as st

from leyden.palette import PALETTES
from leyden.reports.exploring import threshold_figure
from leyden.reports.model import Line, Report
from leyden.reports.outcomes import Outcomes
from leyden.reports.picks import NEAR, Pick
from leyden.reports.read import read_report
from leyden.reports.thresholds import STEPS, Decision, Thresholds, thresholds_of
from leyden.store.records import Run
from ui import layout, state
from ui.address import number_of, one_of
from ui.format import number, plain, shorten
from ui.layout import Fact
from ui.plain_chart import plain_chart
from ui.report_picked import THRESHOLD, chosen_in, keep_pick, picked_view
from ui.words import _, count

PARAMETER, POSITIVE = "threshold", "positive"
SLIDER, CHART, CLICKS = "report.threshold", "report.threshold-chart", "report.threshold-clicks"
MOVED, TURNED, OF_TEST = "report.threshold-moved", "report.threshold-turned", "report.threshold-of-test"
FALSE_POSITIVE, FALSE_NEGATIVE = "false_alarm", "miss"
"""Where the address keeps what each mistake costs."""
USUAL, USUAL_COST, MOST_COST = 0.5, 1.0, 1e12
LONGEST_NAME = 30


def threshold_view(run: Run, report: Report, outcomes: Outcomes) -> None:
    """Draws slider, costs and figures for validation rows; for test rows, what the threshold chosen there leads to."""
    assert outcomes.classes is not None
    place = positive_index(report, outcomes)
    positive = outcomes.classes[place]
    thresholds, lines = _thresholds(outcomes, place)
    if report.part == "test":
        layout.section(_("At the chosen threshold"), _("Chosen on the validation rows, above."))
        layout.facts(_facts(thresholds.at(_chosen()), positive))
        _left_out(thresholds)
        state.remember(OF_TEST, report.run)
        return
    layout.section(_("Threshold"))
    about = _(
        "A row is answered with '{name}' when its probability is at least the threshold. The rest of the report has it "
        "at 0.5: the likelier of the two."
    )
    layout.quiet(about.format(name=positive))
    left, right = st.columns([2, 3], gap="medium")
    with left:
        _choose_positive(outcomes.classes[:2], positive, _usual(report, outcomes))
        label = _("Answer '{name}' from").format(name=plain(positive))
        kept = state.edited(SLIDER, _chosen(), _keep)
        threshold = st.slider(label, 0.0, 1.0, _chosen(), 1 / STEPS, format="%.3f", **kept)
        _costs(thresholds, positive)
        layout.facts(_facts(thresholds.at(threshold), positive))
        _left_out(thresholds)
    with right:
        named = [line.model_copy(update={"name": _(line.name)}) for line in lines]
        figure = threshold_figure(named, threshold, PALETTES[state.mode()], _("Threshold"))
        # What was clicked is let go of by another key, so that a second click on the same point moves there again.
        key = f"{CHART}.{state.recall(CLICKS, 0)}"
        on_click = partial(_go_to_clicked, report.part, place)
        plain_chart(figure, key=key, alt=_("Threshold"), on_click=on_click)
    if chosen := chosen_in(THRESHOLD, report, outcomes):
        with layout.card(f"report.near.{report.part}"):
            picked_view(run, report, outcomes, *chosen)
    _catch_up(report)


@lru_cache(maxsize=4)
def _thresholds(outcomes: Outcomes, positive: int) -> tuple[Thresholds, tuple[Line, ...]]:
    thresholds = thresholds_of(outcomes, positive)
    return thresholds, thresholds.lines()


def positive_index(report: Report, outcomes: Outcomes) -> int:
    """Place of the class that is looked for, of two: the address's, or the report's."""
    assert outcomes.classes is not None
    return outcomes.classes.index(one_of(POSITIVE, outcomes.classes[:2], _usual(report, outcomes)))


def _usual(report: Report, outcomes: Outcomes) -> str:
    """The class that a run's reports look for. The threshold is chosen on validation rows: test rows follow these."""
    assert outcomes.classes is not None
    of_choice = report if report.part == "val" else read_report(state.home(), state.store(), report.run, "val")
    return outcomes.classes[(of_choice or report).positive_index]


def _choose_positive(classes: Sequence[str], positive: str, usual: str) -> None:
    """Which of the two classes is looked for: precision, recall and costs are told of it."""
    are_told_apart = len({shorten(name, LONGEST_NAME) for name in classes}) == len(classes)
    st.segmented_control(
        _("Looked for"),
        classes,
        default=positive,
        format_func=lambda name: plain(shorten(name, LONGEST_NAME) if are_told_apart else name),
        required=True,
        help=_(
            "The positive class: the one that is to be found, such as the rarer, or the one that matters more."
        ),
        **state.edited("report.positive", positive, partial(_keep_positive, usual)),
    )


def _keep_positive(usual: str, positive: str) -> None:
    # A miss of one is a false alarm of the other, and rows are told apart where they were.
    false_alarm, miss = _cost(FALSE_POSITIVE), _cost(FALSE_NEGATIVE)
    _keep_cost(FALSE_POSITIVE, miss)
    _keep_cost(FALSE_NEGATIVE, false_alarm)
    threshold = round((1 - _chosen()) * STEPS) / STEPS
    state.set_parameter(PARAMETER, None if threshold == USUAL else f"{threshold:g}")
    state.set_parameter(POSITIVE, None if positive == usual else positive)
    state.remember(TURNED, True)


def _chosen() -> float:
    """The threshold in the address; a half where there is none."""
    try:
        value = float(state.parameter(PARAMETER) or "")
    except ValueError:
        return USUAL
    return value if 0 <= value <= 1 else USUAL


def _keep(threshold: float) -> None:
    state.set_parameter(PARAMETER, f"{threshold:g}")
    _moved()


def _go_to_clicked(part: str, positive: int, clicked: str | None) -> None:
    """Moves the threshold to the point of a curve that was clicked, and shows the rows nearest to it."""
    if clicked is not None:
        state.remember(CLICKS, state.recall(CLICKS, 0) + 1)
        keep_pick(part, THRESHOLD, str(Pick(NEAR, (positive, float(clicked)))))
        _keep(float(clicked))


def _moved() -> None:
    state.remember(MOVED, True)


def _catch_up(report: Report) -> None:
    """Runs the page once more after a move where other parts of it follow: this one is drawn without them."""
    has_moved, has_turned = state.recall(MOVED, False), state.recall(TURNED, False)
    state.forget(MOVED, TURNED)
    if has_turned or (has_moved and state.recall(OF_TEST, None) == report.run):
        st.rerun(scope="app")


def _left_out(thresholds: Thresholds) -> None:
    """Says how many rows no threshold decides, where there are any."""
    if thresholds.num_left_out:
        text = _("Left out here: {rows} without an answer, or of a class that no training row has.")
        layout.quiet(text.format(rows=count(thresholds.num_left_out, "row", "rows")))


def _costs(thresholds: Thresholds, positive: str) -> None:
    """What a mistake of each kind costs, and the button that goes where all of them cost least."""
    about = {
        FALSE_POSITIVE: (
            _("One false alarm costs"),
            _(
                "A row is answered with '{name}' and is not. In any unit: money, minutes, or 1 where both mistakes "
                "weigh alike."
            ),
        ),
        FALSE_NEGATIVE: (
            _("One miss costs"),
            _(
                "A row is '{name}' and is not answered so. In the same unit: only their ratio decides where it is "
                "cheapest."
            ),
        ),
    }
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        keys = {}
        for parameter, (label, text) in about.items():
            cost = _cost(parameter)
            kept = state.edited(f"report.{parameter}", cost, partial(_keep_cost, parameter))
            keys[parameter] = kept["key"]
            st.number_input(
                label,
                min_value=0.0,
                max_value=MOST_COST,
                value=cost,
                format="%g",
                help=text.format(name=plain(positive)),
                width=150,
                **kept,
            )
        st.button(
            _("Cheapest"),
            icon=":material/my_location:",
            key="report.cheapest",
            help=_("Moves the threshold to where all mistakes together cost least on these rows."),
            on_click=_go_to_cheapest,
            args=(thresholds, keys),
        )


def _go_to_cheapest(thresholds: Thresholds, keys: Mapping[str, str]) -> None:
    # A cost typed just now comes with the same click, and may not be in the address yet; or a browser that asks with
    # the address from before has taken it out again.
    costs = {parameter: float(state.widget_value(key, _cost(parameter))) for parameter, key in keys.items()}
    for parameter, cost in costs.items():
        _keep_cost(parameter, cost)
    _keep(thresholds.cheapest(costs[FALSE_POSITIVE], costs[FALSE_NEGATIVE]))


def _keep_cost(parameter: str, cost: float) -> None:
    # With all digits of an amount of money.
    state.set_parameter(parameter, None if cost == USUAL_COST else f"{cost:.15g}")
    _moved()


def _cost(parameter: str) -> float:
    return number_of(parameter, 0, MOST_COST, USUAL_COST)


def _facts(decision: Decision, positive: str) -> list[Fact]:
    num_answered = decision.true_positives + decision.false_positives
    cost = decision.cost(_cost(FALSE_POSITIVE), _cost(FALSE_NEGATIVE))
    about = (
        (
            _("Precision"),
            number(decision.precision),
            _("Of the rows answered with '{name}', the share that is of it."),
        ),
        (_("Recall"), number(decision.recall), _("Of the rows that are '{name}', the share that was found.")),
        (_("F1"), number(decision.f1), _("Harmonic mean of precision and recall of '{name}'.")),
        (_("Accuracy"), number(decision.accuracy), _("Share of all rows answered rightly.")),
        (_("Answered so"), number(num_answered), _("Rows that are answered with '{name}'.")),
        (
            _("False alarms"),
            number(decision.false_positives),
            _("Rows answered with '{name}' that are not of it."),
        ),
        (_("Misses"), number(decision.false_negatives), _("Rows that are '{name}' and were not answered so.")),
        (_("Cost"), number(cost), _("False alarms and misses, each times what one costs.")),
    )
    return [Fact(label, value, help=text.format(name=positive)) for label, value, text in about]
