"""Predict: a model, and what it says of a row, a picture, a text, or a whole file."""

import streamlit as st

from leyden.engine.service import wake_service
from leyden.errors import LeydenError, StoreError
from ui import layout, state
from ui.address import tabs
from ui.live import live
from ui.predict_answer import MOST_BESIDE, answers, placeholder
from ui.predict_ask import OF_QUESTION, last_asked, model_in_use, signature_of
from ui.predict_dropped import pictures, texts
from ui.predict_file import file_drop, file_jobs, is_predicting
from ui.predict_form import row_form
from ui.predict_http import http_call
from ui.predict_models import SEARCH, choose_model, listed, model_facts
from ui.predict_typed import follow_address, restore
from ui.words import _

REFRESH_S = 1.0

state.own_parameters("model", "tab", SEARCH, *OF_QUESTION)
store, catalogue = state.store(), state.catalogue()
models = listed()
newest = models[0] if models else store.models.newest()
model_id = state.parameter("model") or model_in_use() or (newest.id if newest else "")
model = store.models.find(model_id)
if model is None and model_id:
    layout.not_found(StoreError("model_unknown", model=model_id), _("All runs"), "runs")
    st.stop()
layout.header(_("Predict"), _("Type, drop or paste, and see the answer with its certainty."))
if model is None:
    teaching = _("A model comes out of every run that has trained. Train one first; then it answers here.")
    with layout.empty(_("No models yet"), teaching, icon=":material/online_prediction:"):
        layout.link(_("Start a run"), "new_run", icon=":material/add_circle:")
    st.stop()
# While a person looks and types, the service imports what takes seconds.
wake_service(state.home())
state.set_parameter("model", model.id)
if state.is_back():
    follow_address(model.id)
restore(model.id)
choose_model(models, model, catalogue)
model_facts(model, catalogue)
try:
    run = store.runs.get(model.run_id)
    signature = signature_of(run.id)
except LeydenError as error:
    layout.failure(error)
    st.stop()
profile = state.profile(store.datasets.get(run.dataset_id))
kinds = [column.kind for column in signature.columns]
# A model of nothing but a picture or a text is asked in its own way, any other by a form.
only = kinds[0] if len(kinds) == 1 else ""
title, draw = {"image": (_("Pictures"), pictures), "text": (_("Texts"), texts)}.get(
    only, (_("One row"), lambda run, signature: row_form(run, signature, profile))
)
one, file = tabs("predict", {"one": title, "file": _("A file")}).values()
if one.open:
    with one:
        left, right = st.columns([3, 2], gap="large")
        with left:
            draw(run, signature)
        asked = last_asked(run.id)
        are_many = asked is not None and len(asked.predictions) > MOST_BESIDE
        with one if are_many else right, layout.card("predict-answer"):
            target = profile.column(signature.target)
            if asked is None:
                placeholder()
            else:
                answers(asked, signature, target.numbers if target else None)
        http_call(run.id)
if file.open:
    with file:
        file_drop(run, has_pictures="image" in kinds, is_folder=profile.layout == "image_folder")
        live(lambda: file_jobs(run.id), is_active=is_predicting(run.id), every_s=REFRESH_S)
