"""The script that Streamlit runs for every page: page set-up, style, menu, and then the page itself.

A screen is one file in `pages/` and one line here.
"""

import streamlit as st

from leyden.home import PROJECT
from ui import state
from ui.dialog import open_asked, tell_refusal
from ui.form_page import start_elsewhere
from ui.queue_jobs import move_elsewhere
from ui.theme import apply_styles
from ui.words import _

ASSETS = PROJECT / "assets"
NEW_RUN, QUEUE = "new", "queue"

st.logo(str(ASSETS / f"logo-{state.mode()}.svg"), size="large", link=None)
apply_styles()

# Pages have no icons: Streamlit would fetch them for the browser's tab from a server of Google's.
page = st.navigation(
    [
        st.Page(state.page_file("home"), title=_("Home"), default=True),
        st.Page(state.page_file("data"), title=_("Data")),
        st.Page(state.page_file("dataset"), title=_("Dataset"), visibility="hidden"),
        st.Page(state.page_file("new_run"), title=_("New run"), url_path=NEW_RUN),
        st.Page(state.page_file("run"), title=_("Run"), visibility="hidden"),
        st.Page(state.page_file("runs"), title=_("Runs")),
        st.Page(state.page_file("compare"), title=_("Compare"), visibility="hidden"),
        st.Page(state.page_file("predict"), title=_("Predict")),
        st.Page(state.page_file("queue"), title=_("Queue and devices")),
    ],
    position="top",
)
st.set_page_config(page_title=f"{page.title} · Leyden", page_icon=str(ASSETS / "icon.svg"), layout="wide")
state.depart()
if page.url_path != NEW_RUN:
    start_elsewhere()
if page.url_path != QUEUE:
    move_elsewhere()
tell_refusal()
state.show_flashes()
open_asked()
page.run()
