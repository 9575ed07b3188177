"""Finds the file that a model's id stands for."""

from pathlib import Path

from leyden.errors import RunError, StoreError
from leyden.home import Home
from leyden.run_folder import BEST
from leyden.store.records import StoredModel
from leyden.store.store import Store


def find_model(home: Home, store: Store, model_id: str) -> tuple[StoredModel, Path]:
    """A model and its checkpoint; the model of a run has the run's id.

    Raises:
        StoreError: `model_unknown`.
        RunError: Its run has none yet, or the file is gone.
    """
    model = store.models.get(model_id)
    if model is None:
        try:
            store.runs.get(model_id)
        except StoreError:
            raise StoreError("model_unknown", model=model_id[:100]) from None
        raise RunError("model_not_ready", model=model_id)
    path = home.root / model.files[BEST]["path"]
    if not path.is_file():
        raise RunError("model_file_gone", model=model_id)
    return model, path
