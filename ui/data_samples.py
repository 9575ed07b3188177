"""The samples that ship with Leyden, each one click away from being a dataset."""

from html import escape

import streamlit as st

from leyden.datasets.samples import Sample, samples
from leyden.errors import LeydenError
from ui import state
from ui.data_import import start_import
from ui.data_jobs import active_imports
from ui.words import _, count


def sample_cards() -> None:
    """Draws one card per sample with what it is, what can be learned from it, and its licence."""
    being_read = {job.subject for job in active_imports()}
    with st.grid("auto", min_column_width=230, gap="small"):
        for sample in samples():
            with st.container(border=True, gap="small", height="stretch", key=f"ly-sample-{sample.name}"):
                st.html(_card_html(sample))
                st.button(
                    _("Load"),
                    key=f"load-{sample.name}",
                    icon=":material/download:",
                    disabled=sample.title in being_read,
                    on_click=_load,
                    args=(sample,),
                )


def _load(sample: Sample) -> None:
    try:
        start_import(sample.path, name=sample.title)
    except LeydenError as error:
        state.flash_failure(error)


def _card_html(sample: Sample) -> str:
    facts = f"{count(sample.num_rows, 'row', 'rows')} · {sample.licence}"
    return (
        f'<div class="ly-sample"><h3>{escape(sample.title)}</h3><p>{escape(sample.summary)}</p>'
        f'<p class="ly-line" title="{escape(sample.source)}">{escape(sample.task)}</p>'
        f'<p class="ly-line">{escape(facts)}</p></div>'
    )
