"""The server: Streamlit's pages and Leyden's own HTTP routes in one process. `streamlit run app.py` serves it."""

import streamlit as st

from leyden.home import PROJECT
from ui.routes.table import MIDDLEWARE, ROUTES

app = st.App(PROJECT / "ui" / "shell.py", routes=ROUTES, middleware=MIDDLEWARE)
