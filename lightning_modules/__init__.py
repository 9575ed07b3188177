"""Everything torch. `load(path).predict(frame)` is all that using a trained model takes."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lightning_modules.predictor import Predictor


def load(path: str | Path) -> "Predictor":
    """A trained model from a checkpoint file, ready to predict.

    Example:
        >>> model = lightning_modules.load("best.ckpt")
        >>> model.predict(pandas.read_csv("new_rows.csv"))

    Raises:
        RunError: The file is missing, broken, or written by a newer Leyden.
    """
    # Imported here: the core imports cards from this package, and must not pay for torch.
    from lightning_modules.predictor import Predictor

    return Predictor.load(Path(path))
