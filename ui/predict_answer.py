"""A model's answers: the most probable class with its probabilities as bars, or a number beside what is known."""

from collections.abc import Mapping, Sequence
from html import escape

import streamlit as st

from leyden.datasets.profile import NumberSummary
from leyden.prediction.signature import Residuals, Signature
from ui import layout
from ui.data_bars import bars_html
from ui.format import number, percent, shorten
from ui.predict_ask import Asked
from ui.words import _, count

SHOWN_CLASSES = 10
SHOWN_AMONG_MANY = 3
SHOWN_NAMES = 5
MOST_BESIDE = 4
"""Answers that stand beside what was asked; more take the page's width."""


def answers(asked: Asked, signature: Signature, target: NumberSummary | None) -> None:
    """Draws all answers: one at its full size, several as a grid.

    Args:
        asked: Rows and answers.
        signature: Of the model.
        target: Distribution of the target in the data, for a model that answers with numbers.
    """
    if asked.refused:
        layout.quiet(refused_text(asked.refused))
    if len(asked.predictions) == 1:
        st.html(_one(asked, signature, target))
    else:
        cards = "".join(_card(asked, index) for index in range(len(asked.predictions)))
        st.html(f'<div class="ly-answer-cards">{cards}</div>')
    warnings(asked)


def refused_text(names: Sequence[str]) -> str:
    """That files are no pictures; a picture of a thousand others has an answer nevertheless."""
    shown = ", ".join(shorten(name, 60) for name in names[:SHOWN_NAMES])
    if (rest := len(names) - SHOWN_NAMES) > 0:
        shown = _("{names} and {n}").format(names=shown, n=count(rest, "other file", "other files"))
    return _("Not answered, because it cannot be read as a picture: {names}.").format(names=shown)


def warnings(asked: Asked) -> None:
    """Points out the values that no training row had."""
    if not asked.warnings:
        return
    several = len(asked.predictions) > 1
    lines = []
    for warning in asked.warnings[:20]:
        head = f"{shorten(asked.about[warning['row']] or str(warning['row'] + 1), 40)}: " if several else ""
        lines.append(f"<li>{escape(head + warning['message'])}</li>")
    title = _("Unlike what was seen in training; trust the answer less:")
    st.html(f'<div class="ly-unseen" role="note"><p>{escape(title)}</p><ul>{"".join(lines)}</ul></div>')


def shares_html(probabilities: Mapping[str, float | None], most: int, chosen: str | None) -> str:
    """Probabilities as bars, the largest first; `chosen` stands out."""
    ordered = sorted(probabilities.items(), key=lambda item: -(item[1] or 0.0))
    rows = "".join(
        f'<li{" class=ly-chosen" if name == chosen else ""} title="{escape(name)}: {(share or 0.0):.6f}">'
        f'<span>{escape(shorten(name, 60))}</span><i style="width:{100 * (share or 0.0):.1f}%"></i>'
        f"<em>{percent(share)}</em></li>"
        for name, share in ordered[:most]
    )
    rest = len(ordered) - most
    more = (
        f"<p>{escape(_('and {n}').format(n=count(rest, 'other class', 'other classes')))}</p>" if rest > 0 else ""
    )
    return f'<div class="ly-values ly-shares"><ul>{rows}</ul>{more}</div>'


def _one(asked: Asked, signature: Signature, target: NumberSummary | None) -> str:
    prediction = asked.predictions[0]
    picture = _picture(asked, 0)
    if "probabilities" in prediction:
        name = prediction["prediction"]
        share = percent(prediction["probabilities"].get(name)) if name is not None else ""
        head = f"<strong>{escape(str(name or '–'))}</strong><em>{share}</em>"
        body = shares_html(prediction["probabilities"], SHOWN_CLASSES, name)
    else:
        value = prediction["prediction"]
        head = f"<strong>{number(value)}</strong>"
        body = _spread(value, signature.residuals) + (_scale(value, target) if target else "")
    label = f"<p>{escape(signature.target)}</p>"
    return f'<div class="ly-answer">{picture}{label}<h3>{head}</h3>{_truth(asked, 0)}{body}</div>'


def _card(asked: Asked, index: int) -> str:
    prediction = asked.predictions[index]
    if "probabilities" in prediction:
        name = prediction["prediction"]
        head = f"<strong>{escape(str(name or '–'))}</strong>"
        body = shares_html(prediction["probabilities"], SHOWN_AMONG_MANY, name)
    else:
        head, body = f"<strong>{number(prediction['prediction'])}</strong>", ""
    about = asked.about[index]
    caption = f'<p title="{escape(about)}">{escape(shorten(about, 120))}</p>'
    return f"<figure>{_picture(asked, index)}{caption}<h3>{head}</h3>{_truth(asked, index)}{body}</figure>"


def _picture(asked: Asked, index: int) -> str:
    if not asked.pictures or not asked.pictures[index]:
        return ""
    return f'<img src="{asked.pictures[index]}" alt="{escape(asked.about[index])}">'


def _truth(asked: Asked, index: int) -> str:
    truth = asked.truths[index]
    if truth is None:
        return ""
    return f'<p class="ly-truth">{escape(_("In the data: {truth}").format(truth=shorten(truth, 60)))}</p>'


def _spread(value: float | None, residuals: Residuals | None) -> str:
    if value is None or residuals is None:
        return ""
    text = _("Likely {low} to {high}: as close as this was the model on 9 of 10 validation rows.")
    low, high = number(_rounded(value + residuals.low)), number(_rounded(value + residuals.high))
    return f'<p class="ly-spread">{escape(text.format(low=low, high=high))}</p>'


def _scale(value: float | None, target: NumberSummary) -> str:
    """The target's distribution in the data, with a mark where the answer lies."""
    if value is None:
        return ""
    low, high = target.minimum, target.maximum
    place = (value - low) / (high - low) if high > low else 0.5
    mark = f'<b style="left:{100 * min(max(place, 0.0), 1.0):.1f}%"></b>'
    ends = f'<div class="ly-ends"><span>{number(low)}</span><span>{number(high)}</span></div>'
    beyond = "" if 0 <= place <= 1 else f'<p class="ly-spread">{escape(_("Beyond every value in the data."))}</p>'
    return f'<div class="ly-hist ly-scale">{bars_html(target.histogram.counts)}{mark}{ends}</div>{beyond}'


def _rounded(value: float) -> float:
    return float(f"{value:.3g}")


def placeholder() -> None:
    """What stands where the answer will be."""
    layout.quiet(_("The answer appears here, with how sure the model is."))
