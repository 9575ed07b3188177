"""Rows with pictures or texts as cards, alike in the pages and in the HTML file. The style is `assets/examples.css`."""

from collections.abc import Callable, Sequence
from html import escape

from leyden.datasets.profile import FILE
from leyden.reports.examples import Cell, Example
from leyden.reports.numbers import figure_text, percent_text
from leyden.words import _

MAX_FACTS = 6
MAX_TEXT = 600
MAX_FACT = 60


def cards_html(examples: Sequence[Example], source: Callable[[str], str]) -> str:
    """A card for each row, in their order.

    Args:
        examples: The rows.
        source: Where a picture is to be had, by its SHA-256: an address, or the picture itself as one.
    """
    is_wide = any(example.texts for example in examples)
    cards = "".join(_card(example, source) for example in examples)
    return f'<div class="ly-examples{" ly-wide" if is_wide else ""}">{cards}</div>'


def _card(example: Example, source: Callable[[str], str]) -> str:
    mark = {True: "ly-right", False: "ly-wrong", None: ""}[example.is_right]
    title = escape(_title(example))
    images = "".join(
        f'<img src="{escape(source(image))}" alt="{title}" loading="lazy">' for image in example.images
    )
    texts = "".join(f"<p>{escape(_cut(text, MAX_TEXT))}</p>" for text in example.texts)
    return (
        f'<article class="ly-example {mark}" title="{title}">{images}<header>{_answer(example)}</header>'
        f"{texts}{_facts(example)}</article>"
    )


def _answer(example: Example) -> str:
    """What was answered and how sure; what was true, where that is something else; by what the row was picked."""
    answer = f"<b>{escape(example.predicted)}</b>"
    if example.certainty is not None:
        sign = "+" if example.is_right is None and example.certainty > 0 else ""
        text = percent_text if example.is_right is not None else figure_text
        sure = escape(text(example.certainty))
        answer += f" <small>{sign}{sure}</small>"
    true = escape(_("true {name}").format(name=example.true))
    answer = answer if example.is_right else f"{answer} <span>{true}</span>"
    name, probability = example.sought or ("", None)
    if probability is None:
        return answer
    told = _("'{name}' {share}").format(name=name, share=percent_text(probability))
    return f"{answer} <span>{escape(told)}</span>"


def _facts(example: Example) -> str:
    known = [(name, value) for name, value in example.facts if name != FILE and value is not None]
    facts = " · ".join(f"{name} {_fact(value)}" for name, value in known[:MAX_FACTS])
    return f"<footer>{escape(facts)}</footer>" if facts else ""


def _fact(value: Cell) -> str:
    return figure_text(value) if isinstance(value, float) else _cut(str(value), MAX_FACT)


def _title(example: Example) -> str:
    """`row 12, cats/3.png`."""
    file = next((value for name, value in example.facts if name == FILE and value is not None), None)
    return _("row {number}").format(number=f"{example.row_id + 1:,}") + (f", {file}" if file else "")


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
