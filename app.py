"""The server: Streamlit's pages and Leyden's own HTTP routes in one process. `streamlit run app.py` serves it."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st

from leyden.home import PROJECT
from ui.routes.access import is_loopback
from ui.routes.table import MIDDLEWARE, ROUTES
from ui.routes.uploads import remove_stale_uploads
from ui.workspace import home, store


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Opens the workspace before the first request, and says so when others can reach it."""
    remove_stale_uploads(home(), store())
    address = st.get_option("server.address") or ""
    if not is_loopback(address):
        print(
            f"WARNING: Leyden listens on {address or 'every address of this machine'}. It has no accounts: "
            "whoever reaches it can read, train and delete everything in this workspace.",
            file=sys.stderr,
        )
    yield


app = st.App(PROJECT / "ui" / "shell.py", routes=ROUTES, middleware=MIDDLEWARE, lifespan=lifespan)
