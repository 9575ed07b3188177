"""Writes a model's signature: what its checkpoint knows of inputs and outputs, for readers without torch."""

from pathlib import Path

import numpy as np
import pandas as pd

from leyden.home import Home
from leyden.prediction.columns import PREDICTION, target_column
from leyden.prediction.signature import Residuals, Signature
from leyden.run_folder import SIGNATURE, predictions_file
from lightning_modules.checkpoint import Checkpoint
from lightning_modules.files import write_text

FEWEST_RESIDUALS = 20
"""Of fewer validation rows, nobody can tell within which bounds nine of ten answers lie."""


def write_signature(home: Home, run_id: str, checkpoint: Checkpoint) -> Signature:
    """Describes a run's best checkpoint in `model.json` beside it."""
    task, spec = checkpoint.fitted.task, checkpoint.spec
    columns = {column.name: column for column in checkpoint.fitted.preparation.describe()}
    signature = Signature(
        step=checkpoint.step,
        task=task.name,
        target=spec.data.target,
        columns=tuple(columns[name] for name in spec.data.inputs),
        classes=task.classes,
        residuals=None if task.classes else _residuals(home.run(run_id), spec.data.target),
    )
    write_text(home.run(run_id) / SIGNATURE, signature.model_dump_json())
    return signature


def _residuals(folder: Path, target: str) -> Residuals | None:
    """Spread of truth minus answer over the validation rows; None where they are too few to tell."""
    path = folder / predictions_file("val")
    if not path.is_file():
        return None
    frame = pd.read_parquet(path)
    truth = frame[target_column(target, None)]
    errors = (pd.to_numeric(truth, errors="coerce") - frame[PREDICTION]).to_numpy(dtype=np.float64)
    errors = errors[np.isfinite(errors)]
    if len(errors) < FEWEST_RESIDUALS:
        return None
    low, high = np.quantile(errors, (0.05, 0.95)).tolist()
    return Residuals(low=low, high=high, num_rows=len(errors))
