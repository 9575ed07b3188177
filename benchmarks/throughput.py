"""Training speed: Leyden's real path, a hand-written PyTorch loop, and Lightning over a plain `DataLoader`.

    OMP_NUM_THREADS=1 python -m benchmarks.throughput [tabular] [image] [text]

All three train the same network on the same prepared rows with the same batch size, optimiser, clipping and number of
threads, turn by turn in one process. Leyden's side is the whole of it: store, live points, metrics, checkpoints,
progress. A run of one epoch is taken off each, so that imports, reading and preparing do not count; the references
do not validate, and Leyden validates on one row in a hundred. Of each side the median round is printed.
"""

import argparse
import os
import statistics
import tempfile
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytorch_lightning as pl
import torch
from PIL import Image
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset

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
from lightning_modules.data.batches import Position
from lightning_modules.data.data_module import SupervisedData
from lightning_modules.data.prepared import prepare
from lightning_modules.data.stored import Tensors, take
from lightning_modules.devices import gpus_hidden, image_layout, resolve
from lightning_modules.losses.build import build_loss
from lightning_modules.optimisers.build import build_optimiser
from lightning_modules.training.fit import fit, quiet
from lightning_modules.training.network import Network, build_network
from lightning_modules.training.threads import threads_for

ROUNDS = 3
NUM_ROWS, NUM_PICTURES, NUM_TEXTS = 40_000, 1_000, 4_000
SETTINGS = {
    "optimisation.early_stopping.patience": 0,
    "split.method": "random",
    "split.val_fraction": 0.01,
    "split.test_fraction": 0.0,
}
LINE = "{:<9}{:>7}{:>13}{:>22}{:>13}{:>11}{:>14}"


@dataclass(frozen=True)
class Case:
    """Made rows of one modality, and the settings to train on them; their answers are noise."""

    make: Callable[[Path], Path]
    epochs: int
    settings: dict[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(CASES)}; all when none is given")
    names = parser.parse_args().names or list(CASES)
    if unknown := set(names) - CASES.keys():
        parser.error(f"NAME must be one of {', '.join(CASES)}, not {', '.join(unknown)}")
    print(
        LINE.format("", "batch", "by hand", "Lightning + loader", "Leyden", "to hand", "to Lightning"), flush=True
    )
    for name in names:
        with tempfile.TemporaryDirectory() as folder, gpus_hidden(resolve("cpu")), quiet():
            measure(name, CASES[name], Home(Path(folder)).create())


def measure(name: str, case: Case, home: Home) -> None:
    """Prints one line of the table, in rows per second."""
    store = open_store(home)
    spec, split_hash = make_spec(home, store, case)
    prepared = prepare(home, spec, split_hash, fitted=None, progress=lambda share: None)
    data = SupervisedData(prepared, spec, Position())
    sides = (
        lambda epochs: by_hand(spec, data, epochs),
        lambda epochs: with_loader(spec, data, epochs, home.root),
        lambda epochs: leyden(home, store, spec, split_hash, epochs),
    )
    for side in sides:
        side(1)  # First imports and caches, which a difference of two later runs must not hold.
    num_rows = len(data.train_rows)
    rounds = [[num_rows * (case.epochs - 1) / seconds(side, case.epochs) for side in sides] for _ in range(ROUNDS)]
    hand, loader, ours = (statistics.median(speeds) for speeds in zip(*rounds, strict=True))
    speeds = [f"{speed:,.0f}/s" for speed in (hand, loader, ours)]
    batch = spec.optimisation.batch_size
    print(LINE.format(name, batch, *speeds, f"{ours / hand:.2f}", f"{ours / loader:.2f}"), flush=True)
    store.close()


def seconds(train: Callable[[int], None], epochs: int) -> float:
    """What all epochs but the first take."""
    times = []
    for count in (1, epochs):
        started = time.perf_counter()
        train(count)
        times.append(time.perf_counter() - started)
    return times[1] - times[0]


def make_spec(home: Home, store: Store, case: Case) -> tuple[Spec, str]:
    """The made rows through the real ingestion, and the spec to train on them."""
    made = ingest(home, case.make(home.root))
    store.datasets.add(made.dataset_id, name="made", profile=made.profile, size_bytes=made.size_bytes)
    spec = default_spec(made.dataset_id, made.profile, catalogue())
    spec = require(set_dotted(spec, {**SETTINGS, **case.settings}, catalogue()), made.profile, catalogue())
    split = make_split(
        home,
        made.profile,
        made.dataset_id,
        spec.data.target,
        spec.split,
        is_number=False,
        has_separate_test=False,
    )
    return spec, split.hash


def network_of(spec: Spec, data: SupervisedData) -> Network:
    """The network that Leyden trains, with its weights laid out in memory as Leyden lays them out."""
    torch.manual_seed(spec.seed)
    network = build_network(spec, data.fitted.preparation.inputs, data.fitted.task.num_outputs)
    return network.to(memory_format=image_layout(torch.device("cpu")))


def by_hand(spec: Spec, data: SupervisedData, epochs: int) -> None:
    """The shortest loop that does the same."""
    network, loss = network_of(spec, data), build_loss(spec.loss, data.fitted.task)
    optimiser = build_optimiser(spec.optimisation, network.named_parameters())
    rows, preparation, batch_size = data.train_rows, data.fitted.preparation, int(spec.optimisation.batch_size)
    with threads_for(network, preparation, batch_size):
        for _ in range(epochs):
            for index in torch.randperm(len(rows)).split(batch_size):
                loss(network(preparation.finish(take(rows.inputs, index))), rows.target[index]).backward()
                nn.utils.clip_grad_norm_(network.parameters(), spec.optimisation.clip_norm)
                optimiser.step()
                optimiser.zero_grad()


def with_loader(spec: Spec, data: SupervisedData, epochs: int, folder: Path) -> None:
    """What a first LightningModule looks like: automatic optimisation, and a `DataLoader` that shuffles."""
    rows = data.train_rows
    whole = take(rows.inputs, torch.arange(len(rows)))
    names = [(modality, name) for modality, tensors in whole.items() for name in tensors]
    dataset = TensorDataset(*(whole[modality][name] for modality, name in names), rows.target)
    loader = DataLoader(dataset, batch_size=int(spec.optimisation.batch_size), shuffle=True)
    module = Plain(spec, data, names)
    trainer = pl.Trainer(
        accelerator="cpu",
        max_epochs=epochs,
        gradient_clip_val=spec.optimisation.clip_norm,
        logger=False,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
        default_root_dir=folder,
    )
    with threads_for(module.network, data.fitted.preparation, int(spec.optimisation.batch_size)):
        trainer.fit(module, loader)


class Plain(pl.LightningModule):
    """The same network, loss and optimiser, trained by Lightning itself."""

    def __init__(self, spec: Spec, data: SupervisedData, names: list[tuple[Any, str]]) -> None:
        super().__init__()
        self.network, self.loss = network_of(spec, data), build_loss(spec.loss, data.fitted.task)
        self.preparation, self.optimisation, self.names = data.fitted.preparation, spec.optimisation, names

    def training_step(self, batch: list[Tensor], index: int) -> Tensor:
        """The loss of a batch."""
        *tensors, target = batch
        inputs: Tensors = {}
        for (modality, name), tensor in zip(self.names, tensors, strict=True):
            inputs.setdefault(modality, {})[name] = tensor
        return self.loss(self.network(self.preparation.finish(inputs)), target)

    def configure_optimizers(self) -> torch.optim.Optimizer:
        """Leyden's."""
        return build_optimiser(self.optimisation, self.network.named_parameters())


def leyden(home: Home, store: Store, spec: Spec, split_hash: str, epochs: int) -> None:
    """A run as the queue's child trains it, with all that it writes."""
    spec = set_dotted(spec, {"optimisation.epochs": epochs}, catalogue())
    run = store.runs.submit(spec, split_hash=split_hash)
    job = store.queue.claim_next("device", "benchmark", free=("cpu",), free_for_auto=("cpu",))
    assert job is not None
    context = JobContext(home, store, store.jobs.adopt(job.id, "benchmark", "owner", os.getpid()), "owner")
    context.start()
    fit(run, context)
    context.close()


def make_numbers(folder: Path) -> Path:
    """Rows of 20 numbers, ten classes."""
    random = np.random.default_rng(0)
    frame = pd.DataFrame(random.normal(size=(NUM_ROWS, 20)), columns=[f"x{index}" for index in range(20)])
    path = folder / "made.csv"
    frame.assign(label=[f"class {index}" for index in random.integers(0, 10, len(frame))]).to_csv(
        path, index=False
    )
    return path


def make_pictures(folder: Path) -> Path:
    """Pictures of 64 pixels, ten classes."""
    random = np.random.default_rng(0)
    path = folder / "made.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(NUM_PICTURES):
            file = BytesIO()
            Image.fromarray(random.integers(0, 256, (64, 64, 3), dtype=np.uint8)).save(file, "BMP")
            archive.writestr(f"class {number % 10}/{number}.bmp", file.getvalue())
    return path


def make_texts(folder: Path) -> Path:
    """Texts of 20 to 80 words out of 5,000, two classes."""
    random = np.random.default_rng(0)
    texts = [
        " ".join(f"w{word}" for word in random.integers(0, 5_000, random.integers(20, 80)))
        for _ in range(NUM_TEXTS)
    ]
    path = folder / "made.csv"
    pd.DataFrame({"text": texts, "label": random.choice(["a", "b"], len(texts))}).to_csv(path, index=False)
    return path


CASES = {
    "tabular": Case(make_numbers, 6, {"optimisation.batch_size": 256}),
    "image": Case(
        make_pictures,
        3,
        {
            "optimisation.batch_size": 64,
            # The references change no pictures, either.
            "preparation.images.rotation": 0,
            "preparation.images.crop": 0,
            "preparation.images.colour": 0,
        },
    ),
    "text": Case(make_texts, 3, {"optimisation.batch_size": 64}),
}


if __name__ == "__main__":
    main()
