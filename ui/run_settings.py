"""The Settings tab: every setting of a run in readable groups; what differs from the defaults stands out."""

from html import escape

import streamlit as st

from leyden.catalogue import Catalogue
from leyden.datasets.profile import Profile
from leyden.errors import SpecError
from leyden.reports.numbers import setting_text
from leyden.spec.field import Field, choice_text
from leyden.spec.fields import dotted_fields, flat, tables
from leyden.spec.model import Spec
from leyden.store.records import Run
from ui import layout
from ui.form_command import command_of
from ui.form_draft import defaults_beside
from ui.form_groups import GROUPS, essentials, grouped
from ui.words import KINDS, _, count, device_name


def settings_tab(run: Run, profile: Profile, catalogue: Catalogue) -> None:
    """Draws all settings of a run."""
    spec = run.spec
    usual = _defaults(spec, profile, catalogue)
    values = flat(spec)
    num_changed = sum(usual[name] != value for name, value in values.items() if name in usual)
    changed = count(num_changed, "setting differs", "settings differ")
    told = _("{settings} from the defaults, in bold.").format(settings=changed)
    layout.quiet(told if num_changed else _("All settings are the defaults for this data."))
    groups = {_("Essentials"): list(essentials(spec, catalogue))}
    advanced = grouped(spec, catalogue)
    groups |= {_(group.title): list(advanced[group.name]) for group in GROUPS}
    with st.grid(3, min_column_width=300, gap="medium"):
        for title, names in groups.items():
            if names:
                st.html(_group_html(title, names, spec, usual, catalogue))
    layout.section(_("As a command"))
    st.code(command_of(spec, profile, catalogue), language="bash")
    with st.expander(_("As JSON")):
        st.code(spec.model_dump_json(indent=2), language="json", height=400)


def _defaults(spec: Spec, profile: Profile, catalogue: Catalogue) -> dict[str, object]:
    try:
        return flat(defaults_beside(spec, profile, catalogue)[0])
    except SpecError:
        return {}  # The kinds of the columns have changed since, so that there are no defaults for this target.


def _group_html(title: str, names: list[str], spec: Spec, usual: dict[str, object], catalogue: Catalogue) -> str:
    fields, values, cards = dotted_fields(spec, catalogue), flat(spec), tables(catalogue, spec.task.name)
    rows = []
    for name in names:
        value = values.get(name, fields[name].default)
        card = cards[name].get(str(value)) if name in cards else None
        text = _(card.title) if card else _text(name, fields[name], value)
        label = _("Architecture") if name.startswith("architecture.") and card else _(fields[name].title)
        is_changed = name in usual and usual[name] != value
        default = _("Default: {value}").format(value=_text(name, fields[name], usual.get(name)))
        hint = default if is_changed else fields[name].help
        label += f" ({_(fields[name].unit)})" if fields[name].unit else ""
        rows.append(
            f'<div title="{escape(hint)}"><dt>{escape(label)}</dt>'
            f"<dd{' class=ly-changed' if is_changed else ''}>{escape(text)}</dd></div>"
        )
    inputs = _inputs_html(spec) if any(name.startswith("data.") for name in names) else ""
    return f'<div class="ly-settings"><h3>{escape(title)}</h3><dl>{"".join(rows)}</dl>{inputs}</div>'


def _text(name: str, field: Field, value: object) -> str:
    """A value as the form shows it."""
    if name == "hardware.device":
        return device_name(str(value))
    return _(choice_text(value)) if isinstance(value, str) and value in field.choices else setting_text(value)


def _inputs_html(spec: Spec) -> str:
    """The columns that the model sees, and what each is read as."""
    rows = (
        f"<div><dt>{escape(name)}</dt><dd>{escape(KINDS[kind])}</dd></div>"
        for name, kind in spec.data.inputs.items()
    )
    return f'<dl class="ly-scroll">{"".join(rows)}</dl>'
