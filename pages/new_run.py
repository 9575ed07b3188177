"""New run: three decisions (data, target, Train), the essentials, everything else by groups, and what it means."""

from html import escape

import streamlit as st

from leyden.errors import LeydenError
from leyden.machine import machine
from ui import layout, state
from ui.form import Form, field_inputs, form_of
from ui.form_draft import compose
from ui.form_groups import GROUPS, essentials, grouped, num_changed
from ui.form_inputs import inputs_table
from ui.form_meaning import meaning
from ui.form_page import (
    change_dataset,
    decisions,
    depart,
    draft_here,
    edit,
    lead_on,
    problem_list,
    suggestions,
    train,
)
from ui.format import plain
from ui.words import _

lead_on()
state.own_parameters("data", "from", "target", "set")
depart()
store, catalogue = state.store(), state.catalogue()
datasets = store.datasets.list()
if not datasets:
    layout.header(_("New run"))
    teaching = _("A run learns from a dataset. Bring a table or a folder of images first.")
    with layout.empty(_("No data yet"), teaching):
        layout.link(_("Add data"), "data", icon=":material/upload:")
    st.stop()

try:
    draft = draft_here(datasets)
    dataset = store.datasets.get(draft.dataset)
except LeydenError as error:
    layout.not_found(error, _("All data"), "data")
    st.stop()
profile = state.profile(dataset)
drafted = compose(draft, profile, catalogue)
device_labels = machine(state.home()).devices

about = _("Choose data and what to predict; everything else has a good default.")
cloned = store.runs.find(draft.parent) if draft.parent else None
if cloned is not None:
    about = _("A clone of {run}: change what you like.").format(run=cloned.choice)
with layout.header(_("New run"), about):
    if cloned is not None:
        layout.link(_("Show that run"), "run", icon=":material/arrow_forward:", run=cloned.id)
left, right = st.container(key="ly-sides").columns([3, 2], gap="large")
with left:
    decisions(draft, drafted, datasets, profile, on_dataset=change_dataset, on_train=train)
    problem_list(drafted, profile, dataset)
    if drafted.spec is None:
        st.stop()
    form: Form = form_of(draft, drafted, catalogue, suggestions(device_labels, datasets, draft), edit(draft))
    layout.section(_("Essentials"))
    field_inputs(form, essentials(drafted.spec, catalogue))
    layout.section(_("Advanced"), _("Open what you want to change."))
    advanced = grouped(drafted.spec, catalogue)
    with st.container(gap="xsmall"):
        for group in GROUPS:
            fields = advanced[group.name]
            if not fields:
                continue
            with st.container(key=f"ly-group-{group.name}"):
                # The count is no part of the title: to Streamlit another title is another section, a closed one.
                box = st.expander(plain(group.title), key=f"new.group.{group.name}", on_change="rerun")
                if count := num_changed(draft, group, fields):
                    st.html(f'<p class="ly-num-changed">{count} {escape(_("changed"))}</p>')
            if not box.open:
                continue
            with box:
                layout.quiet(group.help)
                if group.name == "inputs":
                    inputs_table(form, profile, catalogue)
                field_inputs(form, fields)
with right, layout.card():
    layout.section(_("What it means"))
    labels = dict(device_labels)
    device = labels.get(drafted.spec.hardware.device, drafted.spec.hardware.device)
    meaning(drafted.spec, profile, catalogue, store, device)
