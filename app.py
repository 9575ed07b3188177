"""The server: Streamlit's pages and Leyden's own HTTP routes in one process. `streamlit run app.py` serves it."""

import contextlib
import importlib
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
import streamlit as st

from leyden.engine.local import look_after
from leyden.errors import StoreError
from leyden.home import PROJECT
from leyden.machine_history import EVERY_S
from leyden.prediction.files import remove_old
from ui.every_press import count_every_press
from ui.failures import show_failure
from ui.routes.access import is_loopback
from ui.routes.table import MIDDLEWARE, ROUTES
from ui.routes.uploads import remove_stale_uploads
from ui.workspace import home, machine_history, store

LOOK_EVERY_S = 5.0


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Opens the workspace before the first request, and says so when others can reach it."""
    remove_stale_uploads(home(), store())
    remove_old(home(), store())
    address = st.get_option("server.address") or ""
    if not is_loopback(address):
        print(
            f"WARNING: Leyden listens on {address or 'every address of this machine'}. It has no accounts: "
            "whoever reaches it can read, train and delete everything in this workspace.",
            file=sys.stderr,
        )
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(look_after_jobs)
        tasks.start_soon(look_at_machine)
        yield
        tasks.cancel_scope.cancel()


async def look_after_jobs() -> None:
    """Has a supervisor at work as long as there is work; and gets ready what the first Train would wait for."""
    await anyio.sleep(LOOK_EVERY_S)
    await anyio.to_thread.run_sync(importlib.import_module, "sklearn.model_selection")
    while True:
        # A store that is away or a machine that is full for a while is looked at again later.
        with contextlib.suppress(StoreError, OSError):
            await anyio.to_thread.run_sync(look_after, home(), store())
        await anyio.sleep(LOOK_EVERY_S)


async def look_at_machine() -> None:
    """Samples what the machine does, so that the queue's page has a past to show."""
    while True:
        await anyio.to_thread.run_sync(machine_history().look)
        await anyio.sleep(EVERY_S)


count_every_press()
app = st.App(
    PROJECT / "ui" / "shell.py",
    routes=ROUTES,
    middleware=MIDDLEWARE,
    lifespan=lifespan,
    on_script_error=show_failure,
)
