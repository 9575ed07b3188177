"""The workspace that this server process serves: pages get it through `ui.state`, routes directly."""

import os
from functools import lru_cache

from leyden.catalogue import Catalogue
from leyden.home import Home, find_home
from leyden.machine_history import MachineHistory
from leyden.store.store import Store, open_store


def home() -> Home:
    """The workspace of this server."""
    return _home(os.environ.get("LEYDEN_HOME"))


def store() -> Store:
    """The store of this server's workspace; one object for all sessions and requests."""
    return _store(home())


def catalogue() -> Catalogue:
    """Everything that can be chosen now."""
    from lightning_modules.catalog import catalogue as discover

    return discover()


@lru_cache(maxsize=1)
def machine_history() -> MachineHistory:
    """What this machine did in the last minutes; one object for all sessions."""
    return MachineHistory()


@lru_cache(maxsize=8)
def _home(root: str | None) -> Home:
    # `root` only tells the entries apart: tests serve several workspaces in one process.
    return find_home()


@lru_cache(maxsize=8)
def _store(home: Home) -> Store:
    return open_store(home)
