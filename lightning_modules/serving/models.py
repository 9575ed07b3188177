"""Models in memory: each loaded once, the least recently used forgotten when there are too many."""

import importlib
import threading
from collections import OrderedDict
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from leyden.errors import RunError
from leyden.home import Home
from leyden.messages.render import Message
from leyden.prediction.models import find_model
from leyden.prediction.signature import read_signature
from leyden.store.store import Store

if TYPE_CHECKING:
    from lightning_modules.predictor import Predictor

MOST_MODELS = 8
MEMORY_SHARE = 0.25
"""Of the machine's memory for all models together; one that is larger is held alone."""
LOADING_FACTOR = 2.5
"""Memory that loading takes at its peak, in sizes of the file: what is read, and the network it goes into."""

Stamp = tuple[int, int]


@dataclass
class Entry:
    """A model that is loaded, or being loaded."""

    stamp: Stamp
    num_bytes: int
    loading: "Future[Predictor]" = field(repr=False)


class Models:
    """The models that a service holds.

    Loading happens in one thread, one model at a time. A file that was written anew is loaded anew.
    """

    def __init__(self, home: Home, store: Store, most_bytes: float | None = None) -> None:
        self._home = home
        self._store = store
        self._most_bytes = most_bytes or MEMORY_SHARE * psutil.virtual_memory().total
        self._entries: OrderedDict[str, Entry] = OrderedDict()
        self._lock = threading.Lock()
        self._loader = ThreadPoolExecutor(1, thread_name_prefix="loader")
        # What takes seconds to import, while the first request is still on its way.
        self._importing = self._loader.submit(importlib.import_module, "lightning_modules.predictor")

    @property
    def ids(self) -> tuple[str, ...]:
        """Of what is held, least recently used first."""
        return tuple(self._entries)

    def waiting(self, model_id: str) -> Message | None:
        """Starts loading a model; None once it is there.

        Raises:
            LeydenError: There is no such model, or it cannot be loaded.
        """
        entry = self._entry(model_id)
        if not entry.loading.done():
            if not self._importing.done():
                return Message(code="service_starting")
            return Message(code="model_loading", params={"size": f"{entry.num_bytes / 1e6:,.1f} MB"})
        if entry.loading.exception() is not None:
            # Forgotten, so that the next request tries again: the file may have been mended.
            with self._lock:
                self._entries.pop(model_id, None)
        entry.loading.result()
        return None

    def get(self, model_id: str) -> "Predictor":
        """A model, loaded if need be.

        Raises:
            LeydenError: As `waiting`.
        """
        return self._entry(model_id).loading.result()

    def close(self) -> None:
        """Ends the loader."""
        self._loader.shutdown(wait=False, cancel_futures=True)

    def _entry(self, model_id: str) -> Entry:
        try:
            _model, path = find_model(self._home, self._store, model_id)
            status = path.stat()
        except Exception:
            # Deleted: what is left of it in memory is of no use.
            with self._lock:
                self._entries.pop(model_id, None)
            raise
        stamp = (status.st_mtime_ns, status.st_size)
        with self._lock:
            entry = self._entries.get(model_id)
            if entry is None or entry.stamp != stamp:
                self._entries.pop(model_id, None)
                self._make_room(status.st_size)
                loading = self._loader.submit(self._load, model_id, path, status.st_size)
                entry = self._entries[model_id] = Entry(stamp, status.st_size, loading)
            self._entries.move_to_end(model_id)
            return entry

    def _make_room(self, num_bytes: int) -> None:
        while self._entries and (
            len(self._entries) >= MOST_MODELS
            or num_bytes + sum(entry.num_bytes for entry in self._entries.values()) > self._most_bytes
        ):
            self._entries.popitem(last=False)

    def _load(self, model_id: str, path: Path, num_bytes: int) -> "Predictor":
        from lightning_modules.checkpoint import load_best
        from lightning_modules.evaluation.signature import write_signature
        from lightning_modules.predictor import Predictor

        needed, free = LOADING_FACTOR * num_bytes, psutil.virtual_memory().available
        if needed > free:
            raise RunError("model_too_large", model=model_id, needed=needed / 1e9, free=free / 1e9)
        checkpoint = load_best(path.parent)
        signature = read_signature(self._home, model_id)
        if signature is None or signature.step != checkpoint.step:
            write_signature(self._home, model_id, checkpoint)
        return Predictor(checkpoint)
