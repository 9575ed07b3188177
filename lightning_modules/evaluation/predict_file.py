"""Predicts what people bring: a table file, or pictures in a folder or an archive, into a CSV file."""

from collections.abc import Callable
from pathlib import Path

from leyden.datasets.input_file import read_input_file
from leyden.datasets.read import load_profile
from leyden.home import Home
from leyden.store.records import Run
from lightning_modules.checkpoint import BEST
from lightning_modules.devices import Device
from lightning_modules.evaluation.evaluate import FILE
from lightning_modules.files import write_atomically
from lightning_modules.predictor import Predictor


def predict_file(
    home: Home, run: Run, path: Path, out: Path, device: Device, progress: Callable[[float], None]
) -> int:
    """Writes a line per row or picture, in their order: `prediction`, probabilities, and `file` for pictures.

    A picture that cannot be read keeps its line, without a prediction: one broken file among a thousand must not
    cost the others their answer.

    Args:
        home: The workspace.
        run: Whose best checkpoint predicts.
        path: What to predict.
        out: The CSV file.
        device: Where to compute.
        progress: Told the share that is predicted; may raise to break off.

    Returns:
        The number of lines.

    Raises:
        DataError: The file cannot be read, or lacks columns that the model was trained on.
        RunError: The run has no checkpoint.
    """
    predictor = Predictor.load(home.run(run.id) / BEST, device.torch)
    profile = load_profile(home, run.spec.data.dataset).with_kinds(run.spec.data.inputs)
    with read_input_file(home, path, profile, target=run.target) as frame:
        pictures = [name for name, kind in run.spec.data.inputs.items() if kind == "image" and name in frame]
        readable = frame.dropna(subset=pictures)
        predictions = predictor.predict(readable, progress=progress).reindex(frame.index)
        if FILE in frame and profile.layout == "image_folder":
            predictions.insert(0, FILE, frame[FILE])
    write_atomically(out, lambda file: predictions.to_csv(file, index=False, encoding="utf-8"))
    return len(predictions)
