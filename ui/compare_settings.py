"""What was different: only the settings in which the runs differ, in words."""

from html import escape
from typing import Any, NamedTuple

import streamlit as st

from leyden.catalogue import Card, Catalogue
from leyden.reports.comparison import differing
from leyden.reports.numbers import setting_text
from leyden.spec.fields import INPUTS, dotted_fields, tables
from leyden.store.records import Run
from ui import layout
from ui.compare_ranking import run_html
from ui.compare_runs import Compared
from ui.words import KINDS, MODALITIES, _, count


class Setting(NamedTuple):
    """One setting in which runs differ."""

    title: str
    values: dict[str, Any]
    """By run, as the spec holds them; None where a run has no such setting."""
    texts: dict[str, str]
    """By run, as people read them."""


def settings_view(compared: Compared, catalogue: Catalogue) -> None:
    """Draws the table of settings, a column for each run."""
    runs = list(compared.runs)
    if len(runs) < 2:
        layout.quiet(_("With a second run, the settings in which they differ stand here."))
        return
    settings = settings_of(runs, catalogue)
    if not settings:
        layout.quiet(_("All settings of these runs are the same."))
        return
    told = _("{settings} between these runs; all others are the same.")
    layout.quiet(told.format(settings=count(len(settings), "setting differs", "settings differ")))
    st.html(_table_html(settings, compared))


def settings_of(runs: list[Run], catalogue: Catalogue) -> dict[str, Setting]:
    """The settings in which these runs differ, by dotted name."""
    fields = {name: field for run in runs for name, field in dotted_fields(run.spec, catalogue).items()}
    cards: dict[str, dict[str, Card]] = {}
    for run in runs:
        for name, table in tables(catalogue, run.task).items():
            cards.setdefault(name, {}).update(table)
    is_mixed = len({modality for run in runs for modality in run.spec.architecture}) > 1
    found = {}
    for dotted, values in differing([run.spec for run in runs]).items():
        by_run = dict(zip((run.id for run in runs), values, strict=True))
        texts = {}
        for run in runs:
            value = by_run[run.id]
            card = cards.get(dotted, {}).get(str(value))
            texts[run.id] = _(card.title) if card else _value_text(dotted, value, run)
        title = _title(dotted, fields[dotted].title if dotted in fields else dotted, is_mixed=is_mixed)
        unit = f" ({_(fields[dotted].unit)})" if dotted in fields and fields[dotted].unit else ""
        found[dotted] = Setting(title + unit, by_run, texts)
    return found


def _title(dotted: str, title: str, *, is_mixed: bool) -> str:
    """A setting's title; where there are several kinds of input, that of a network says for which."""
    if dotted.startswith(f"{INPUTS}."):
        return _("Input {column}").format(column=dotted.removeprefix(f"{INPUTS}."))
    if dotted.startswith("architecture."):
        if not is_mixed:
            return _(title)
        name, __, option = dotted.removeprefix("architecture.").partition(".")
        modality = MODALITIES.get(name, name)
        return f"{_(title)} ({modality})" if option else _("Architecture ({modality})").format(modality=modality)
    return _(title)


def _value_text(dotted: str, value: Any, run: Run) -> str:
    if dotted == "data.dataset":
        return run.dataset_name
    if dotted.startswith(f"{INPUTS}."):
        return KINDS.get(str(value), str(value)) if value else _("not used")
    return setting_text(value)


def _table_html(settings: dict[str, Setting], compared: Compared) -> str:
    heads = "".join(f"<th scope=col>{run_html(run, compared)}</th>" for run in compared.runs)
    rows = []
    for setting in settings.values():
        cells = "".join(f"<td>{escape(setting.texts[run.id])}</td>" for run in compared.runs)
        rows.append(f"<tr><th scope=row>{escape(setting.title)}</th>{cells}</tr>")
    return (
        f'<div class="ly-scroll-x"><table class="ly-compare ly-wide" data-testid="differences"><thead><tr>'
        f"<th scope=col>{escape(_('Setting'))}</th>{heads}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )
