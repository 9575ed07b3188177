"""Training speed on tiny steps, where Lightning's cost per step shows: Leyden against a hand-written PyTorch loop.

    OMP_NUM_THREADS=1 python -m benchmarks.steps

Both train the same network (20 numbers - 128 - 128 - 10 classes) on the same rows with the same batch size, AdamW,
clipping and one validation per epoch, turn by turn in one process. Leyden's side is the whole of it: store, live
points, metrics, checkpoints, progress. CPU time is counted, so that other work on the machine does not disturb; of
each side the best round is printed, and their ratio.
"""

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from torch import nn
from torch.nn import functional as F

from leyden.datasets.ingest import ingest
from leyden.datasets.splits import make_split
from leyden.home import Home
from leyden.jobs.context import JobContext
from leyden.spec.check import require
from leyden.spec.defaults import default_spec
from leyden.spec.fields import set_dotted
from leyden.spec.model import Spec
from leyden.store.store import Store, open_store
from lightning_modules.catalog import catalogue
from lightning_modules.data.batches import Position, Rows
from lightning_modules.data.data_module import load_data
from lightning_modules.devices import gpus_hidden, resolve
from lightning_modules.training.fit import fit

NUM_ROWS, NUM_NUMBERS, NUM_CLASSES = 40_000, 20, 10
TRAIN_ROWS = 28_000
BATCH_ROWS, EPOCHS, ROUNDS = 256, 11, 3
SETTINGS = {
    "architecture.tabular.options.dropout": 0.0,
    "optimisation.batch_size": BATCH_ROWS,
    "optimisation.epochs": EPOCHS,
    "optimisation.early_stopping.patience": 0,
}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder)).create()
        store = open_store(home)
        spec, split_hash = make_spec(home, store)
        # Both sides get the same relief from torch's looking for GPUs.
        with gpus_hidden(resolve("cpu")):
            rounds = [
                (
                    rows_per_s(lambda epochs: hand_written(home, spec, split_hash, epochs)),
                    rows_per_s(lambda epochs: leyden(home, store, spec, split_hash, epochs)),
                )
                for _ in range(ROUNDS)
            ]
        store.close()
    by_hand, ours = (max(speeds) for speeds in zip(*rounds, strict=True))
    print(f"hand-written loop {by_hand:12,.0f} rows/s")
    print(f"Leyden            {ours:12,.0f} rows/s")
    print(f"ratio             {ours / by_hand:12.2f}")


def rows_per_s(train: Callable[[int], float]) -> float:
    """Rows per CPU second; what one epoch costs beside its rows (reading, first imports) is taken off."""
    first = train(1)
    return (EPOCHS - 1) * TRAIN_ROWS / (train(EPOCHS) - first)


def make_spec(home: Home, store: Store) -> tuple[Spec, str]:
    """A made table through the real ingestion, and the spec to train on it."""
    generator = np.random.default_rng(0)
    numbers = generator.normal(size=(NUM_ROWS, NUM_NUMBERS))
    classes = (numbers @ generator.normal(size=(NUM_NUMBERS, NUM_CLASSES))).argmax(axis=1)
    frame = pd.DataFrame(numbers, columns=[f"x{index}" for index in range(NUM_NUMBERS)])
    path = home.root / "made.csv"
    frame.assign(kind=[f"class {index}" for index in classes]).to_csv(path, index=False)
    made = ingest(home, path)
    store.datasets.add(made.dataset_id, name="made", profile=made.profile, size_bytes=made.size_bytes)
    spec = default_spec(made.dataset_id, made.profile, catalogue(), target="kind")
    spec = require(set_dotted(spec, SETTINGS, catalogue()), made.profile, catalogue())
    split = make_split(
        home, made.profile, made.dataset_id, "kind", spec.split, is_number=False, has_separate_test=False
    )
    return spec, split.hash


def leyden(home: Home, store: Store, spec: Spec, split_hash: str, epochs: int) -> float:
    """CPU seconds of a whole run."""
    spec = set_dotted(spec, {"optimisation.epochs": epochs}, catalogue())
    run = store.runs.submit(spec, split_hash=split_hash)
    job = store.jobs.claim_next("device", "benchmark", free=("cpu",), free_for_auto=("cpu",))
    assert job is not None
    context = JobContext(home, store, store.jobs.adopt(job.id, "benchmark", "owner", os.getpid()), "owner")
    started = time.process_time()
    context.start()
    fit(run, context)
    context.close()
    return time.process_time() - started


def hand_written(home: Home, spec: Spec, split_hash: str, epochs: int) -> float:
    """CPU seconds of the shortest loop that does the same."""
    started = time.process_time()
    data = load_data(home, spec, split_hash, fitted=None, position=Position(), progress=lambda share: None)
    inputs, target = numbers_of(data.train_rows)
    val_inputs, val_target = numbers_of(data.val_rows)
    network = nn.Sequential(
        nn.Linear(NUM_NUMBERS, 128), nn.ReLU(), nn.Linear(128, 128), nn.ReLU(), nn.Linear(128, NUM_CLASSES)
    )
    optimiser = torch.optim.AdamW(network.parameters(), lr=1e-3, fused=True)
    for _ in range(epochs):
        for index in torch.randperm(len(target)).split(BATCH_ROWS):
            loss = F.cross_entropy(network(inputs[index]), target[index])
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            optimiser.zero_grad()
        with torch.inference_mode():
            float(F.cross_entropy(network(val_inputs), val_target))
    return time.process_time() - started


def numbers_of(rows: Rows) -> tuple[torch.Tensor, torch.Tensor]:
    """Inputs and targets as two tensors."""
    return rows.inputs["tabular"]["numbers"].tensor, rows.target


if __name__ == "__main__":
    main()
