"""Draws any field of a spec by its type: title, help, unit, bounds and choices come from the field and its card.

Widgets show what the draft's spec says and report every edit to one callback, as text. Nothing here knows a
particular setting.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, Protocol

import streamlit as st

from leyden.catalogue import Card, Catalogue
from leyden.spec.field import Field, choice_text
from leyden.spec.fields import flat, tables
from leyden.spec.model import Spec
from leyden.spec.problems import SpecProblem
from ui import state
from ui.form_draft import ARCHITECTURE, Draft, Drafted, is_architecture, text_of
from ui.words import MODALITIES, _

Suggestions = Mapping[str, list[tuple[str, str]]]
"""Values with labels, by dotted name, for fields whose choices are only known now: devices, datasets."""

ROWS_PER_STEP = ("8", "16", "32", "64", "128", "256", "512", "1024")
"""What is offered for a whole number that may also be 'all'; any other number can be typed."""

MAX_DIGITS = 15
NUM_COLUMNS, MIN_WIDTH = 3, 170


class OnEdit(Protocol):
    """Called with a dotted name, its new value as text, and the value that the field was drawn with."""

    def __call__(self, dotted: str, value: str, shown: str | None = None) -> None:
        """Takes the edit."""


@dataclass(frozen=True)
class Form:
    """What the fields of one form have in common."""

    draft: Draft
    spec: Spec
    values: dict[str, Any]
    cards: dict[str, Mapping[str, Card]]
    problems: tuple[SpecProblem, ...]
    suggestions: Suggestions
    on_edit: OnEdit


def form_of(
    draft: Draft,
    drafted: Drafted,
    catalogue: Catalogue,
    suggestions: Suggestions,
    on_edit: OnEdit,
) -> Form:
    """The form of a draft that has a spec."""
    assert drafted.spec is not None
    spec = drafted.spec
    cards = tables(catalogue, spec.task.name)
    return Form(draft, spec, flat(spec), cards, drafted.problems, suggestions, on_edit)


def field_inputs(form: Form, fields: Mapping[str, Field]) -> None:
    """Draws fields in a grid; a choice opens a new one, with its options behind it.

    Where there are several architectures, what concerns them all begins a new one, too.
    """
    grid: Any = None
    are_options = False
    for dotted, field in fields.items():
        if field.type == "mapping":
            continue
        is_common = are_options and not dotted.startswith(ARCHITECTURE) and len(form.spec.architecture) > 1
        if grid is None or field.type == "choice_of_card" or is_common:
            grid = st.grid(NUM_COLUMNS, min_column_width=MIN_WIDTH)
        are_options = dotted.startswith(ARCHITECTURE)
        with grid.cell():
            field_input(form, dotted, field)


def field_input(form: Form, dotted: str, field: Field) -> None:
    """Draws one field, with what is wrong with it below."""
    draw = _DRAW[_widget(form, dotted, field)]
    draw(form, dotted, field)
    for problem in form.problems:
        if problem.field == dotted:
            text = escape(problem_text(problem, _(field.title)))
            st.html(f'<p class="ly-field-{problem.severity}">{text}</p>')


def problem_text(problem: SpecProblem, title: str | None) -> str:
    """A problem's sentence, with the field's title where the command line says its dotted name."""
    text = problem.message.text
    return text.replace(f"'{problem.field}'", title) if title else text


def label_of(form: Form, dotted: str, field: Field) -> str:
    """A field's title as `title_of` gives it, with its unit."""
    return title_of(form.spec, dotted, field, [_(field.unit)] if field.unit else [])


def title_of(spec: Spec, dotted: str, field: Field, about: Sequence[str] = ()) -> str:
    """A field's title; an architecture's and its options' name their inputs where there are several.

    Args:
        spec: That the field is of.
        dotted: Its name.
        field: The field.
        about: What stands in brackets behind it.
    """
    title, several = _(field.title), len(spec.architecture) > 1
    if dotted.startswith(ARCHITECTURE):
        name = dotted.removeprefix(ARCHITECTURE).partition(".")[0]
        modality = MODALITIES.get(name, name)
        if is_architecture(dotted):
            title = _("Architecture for {modality}").format(modality=modality) if several else _("Architecture")
        elif several:
            about = [*about, modality]
    return f"{title} ({', '.join(about)})" if about else title


def value_of(form: Form, dotted: str, field: Field) -> Any:
    """The spec's value, or the default of an option that was not touched."""
    return form.values.get(dotted, field.default)


def _widget(form: Form, dotted: str, field: Field) -> str:
    return "suggested" if dotted in form.suggestions else field.type


def _keyed(form: Form, dotted: str, value: Any) -> dict[str, Any]:
    """Arguments that make a widget whose default is `value` report every edit."""
    key = state.widget_key(f"new.{form.draft.id}.{dotted}", value)
    return {
        "key": key,
        "on_change": lambda: form.on_edit(dotted, text_of(state.widget_value(key, value)), text_of(value)),
    }


def _draw_int(form: Form, dotted: str, field: Field) -> None:
    # Without its bounds: a browser refuses what is beyond them with no word of what is allowed.
    value = int(_shown(form, dotted, field, _is_whole))
    st.number_input(
        label_of(form, dotted, field),
        step=1,
        value=value,
        help=_(field.help) or None,
        **_keyed(form, dotted, value),
    )


def _draw_text(form: Form, dotted: str, field: Field) -> None:
    # Text also for fractions: a number input rounds 0.0003 to what its format shows, and cannot take 1e-4.
    value = text_of(_shown(form, dotted, field))
    st.text_input(
        label_of(form, dotted, field),
        value=value,
        help=_(field.help) or None,
        **_keyed(form, dotted, value),
    )


def _shown(form: Form, dotted: str, field: Field, is_showable: Callable[[str], bool] = lambda _text: True) -> Any:
    """The spec's value, or what was typed instead and refused, so that it can be mended."""
    typed = form.draft.changes.get(dotted)
    is_refused = any(problem.field == dotted and problem.severity == "error" for problem in form.problems)
    return typed if is_refused and typed is not None and is_showable(typed) else value_of(form, dotted, field)


def _is_whole(text: str) -> bool:
    """Whether a number input can show it, which holds 53 bits; an address may say anything."""
    digits = text.removeprefix("-")
    return digits.isascii() and digits.isdecimal() and len(digits) <= MAX_DIGITS


def _draw_bool(form: Form, dotted: str, field: Field) -> None:
    st.space("small")
    value = bool(value_of(form, dotted, field))
    st.toggle(
        label_of(form, dotted, field),
        value=value,
        help=_(field.help) or None,
        wrap=True,
        **_keyed(form, dotted, value),
    )


def _draw_choice(form: Form, dotted: str, field: Field) -> None:
    labels = {value: _(choice_text(value)) for value in field.choices}
    _draw_select(form, dotted, field, labels)


def _draw_card(form: Form, dotted: str, field: Field) -> None:
    cards = form.cards[dotted]
    _draw_select(form, dotted, field, {name: _(card.title) for name, card in cards.items()})
    card = cards.get(str(value_of(form, dotted, field)))
    if card:
        st.html(f'<p class="ly-field-help" title="{escape(card.source)}">{escape(_(card.summary))}</p>')


def _draw_suggested(form: Form, dotted: str, field: Field) -> None:
    _draw_select(form, dotted, field, dict(form.suggestions[dotted]))


def _draw_int_or_all(form: Form, dotted: str, field: Field) -> None:
    value = text_of(value_of(form, dotted, field))
    options = [text for text in ROWS_PER_STEP if field.accepts(int(text))]
    if value not in options and value not in field.choices:
        options = sorted({*options, value}, key=int)
    labels = {text: f"{int(text):,}" for text in options} | {name: _(choice_text(name)) for name in field.choices}
    _draw_select(form, dotted, field, labels, accept_new_options=True)


def _draw_select(form: Form, dotted: str, field: Field, labels: dict[str, str], **more: Any) -> None:
    value = text_of(value_of(form, dotted, field))
    options = list(labels) if value in labels else [value, *labels]
    st.selectbox(
        label_of(form, dotted, field),
        options,
        index=options.index(value),
        format_func=lambda option: labels.get(option, option),
        help=_(field.help) or None,
        **_keyed(form, dotted, value),
        **more,
    )


_DRAW: dict[str, Callable[[Form, str, Field], None]] = {
    "int": _draw_int,
    "float": _draw_text,
    "str": _draw_text,
    "bool": _draw_bool,
    "choice": _draw_choice,
    "choice_of_card": _draw_card,
    "int_or_all": _draw_int_or_all,
    "suggested": _draw_suggested,
}
