"""What a person takes away from a run beside its checkpoints: the weights alone, and who made them."""

import json

import safetensors.torch

from leyden.home import Home
from leyden.run_folder import BEST, WEIGHTS
from leyden.store.records import Run
from leyden.store.store import Store
from lightning_modules.checkpoint import load_best
from lightning_modules.evaluation.signature import write_signature
from lightning_modules.files import describe_file, write_atomically


def record_model(home: Home, store: Store, run: Run) -> None:
    """Writes the best weights as safetensors and the model's signature, and records the model with its files."""
    folder = home.run(run.id)
    best = load_best(folder)
    metadata = {
        "format": "pt",
        "spec": best.spec.model_dump_json(),
        "preparation": json.dumps(best.fitted.preparation.to_plain()),
        "task": json.dumps(best.fitted.task.to_plain()),
    }
    weights = {name: tensor.contiguous() for name, tensor in best.weights.items()}
    content = safetensors.torch.save(weights, metadata)
    write_atomically(folder / WEIGHTS, lambda file: file.write(content))
    write_signature(home, run.id, best)
    files = {name: describe_file(folder / name, home.root) for name in (BEST, WEIGHTS)}
    store.models.put(run.id, kind="run", run_id=run.id, files=files)
