"""The spec: everything that decides a run, as one frozen record.

It is the one source for form, validation, command line, clone, diff and documents: a field's default, bounds,
title and help stand here, or, for the options of a choice, in its card. Whether a spec fits its data is not
decided here but in `leyden.spec.check`.
"""

import hashlib
import json
from typing import Annotated, Any, Literal

from pydantic import Field

from leyden.catalogue import ESSENTIAL, Modality
from leyden.datasets.profile import ColumnKind, Part
from leyden.records import Record


class Choice(Record):
    """One entry of a table of cards, with its options (those left out take the card's defaults)."""

    name: str
    options: dict[str, Any] = Field(default_factory=dict)


class Data(Record):
    """What is learned from, and what is predicted."""

    dataset: str = Field(title="Dataset", description="Id of the dataset to train on")
    target: str = Field(title="Target", description="The column to predict")
    inputs: dict[str, ColumnKind] = Field(
        title="Inputs", description="Columns the model sees, and what each is read as"
    )
    test_dataset: str | None = Field(
        None,
        title="Separate test dataset",
        description="A dataset with the same columns whose rows are the test rows",
    )

    def dataset_of(self, part: Part) -> str:
        """Id of the dataset that a part's rows come from."""
        return self.test_dataset if part == "test" and self.test_dataset is not None else self.dataset


class Split(Record):
    """Which rows train, which validate, which test."""

    method: Literal["stratified", "random", "predefined"] = Field(
        "stratified",
        title="Split",
        description="Stratified keeps each class's share in every part; predefined uses the parts that the "
        "data came with",
    )
    val_fraction: Annotated[float, Field(ge=0.01, le=0.5)] = Field(
        0.15, title="Validation share", description="Rows that judge the model while it trains"
    )
    test_fraction: Annotated[float, Field(ge=0.0, le=0.5)] = Field(
        0.15, title="Test share", description="Rows sealed until you open them for a final judgement"
    )
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] = Field(
        0, title="Split seed", description="Another seed draws other rows; runs with equal seeds share a split"
    )


class Numbers(Record):
    """How number columns (and the parts of dates) become inputs."""

    scaling: Literal["standard", "minmax", "symmetric", "quantile", "none"] = Field(
        "standard",
        title="Number scaling",
        description="Standard: mean 0 and deviation 1; minmax: [0, 1]; symmetric: [-1, 1]; quantile: by rank "
        "to a normal shape, robust to outliers",
    )
    impute: Literal["median", "mean", "zero"] = Field(
        "median",
        title="Missing numbers",
        description="What replaces a missing number; a column with gaps also gets a 'was missing' input",
    )


class Categories(Record):
    """How category columns become inputs."""

    min_count: Annotated[int, Field(ge=1, le=1000)] = Field(
        1,
        title="Rare below",
        description="Values seen in fewer training rows share one 'unknown' bucket, as unseen values do",
        json_schema_extra={"unit": "rows"},
    )
    max_values: Annotated[int, Field(ge=2, le=10_000)] = Field(
        100, title="Most values", description="Only the most frequent values of a column get an input of their own"
    )


class Images(Record):
    """How pictures become inputs; augmentation changes training pictures only, a little differently each time."""

    size: Annotated[int, Field(ge=16, le=512)] = Field(
        64,
        title="Image size",
        description="Side of the square a picture is resized to",
        json_schema_extra={"unit": "px"},
    )
    normalisation: Literal["imagenet", "half", "dataset"] = Field(
        "imagenet",
        title="Pixel normalisation",
        description="Mean and deviation per colour: ImageNet's (what pretrained weights expect), 0.5, or this "
        "data's own",
    )
    horizontal_flip: bool = Field(
        False, title="Mirror left-right", description="For things that look alike in a mirror; not for letters"
    )
    vertical_flip: bool = Field(
        False, title="Mirror top-bottom", description="For pictures without an up, as from a microscope"
    )
    rotation: Annotated[float, Field(ge=0, le=180)] = Field(
        10.0,
        title="Rotation up to",
        description="Turns a picture by a random angle",
        json_schema_extra={"unit": "°"},
    )
    crop: Annotated[float, Field(ge=0, le=0.9)] = Field(
        0.15,
        title="Scale and shift up to",
        description="Zooms and moves a picture by up to this share of its side",
    )
    colour: Annotated[float, Field(ge=0, le=1)] = Field(
        0.1,
        title="Colour change up to",
        description="Varies brightness, contrast and saturation by up to this share",
    )


class Texts(Record):
    """How texts become inputs: cut into tokens, each of which the network knows by a number."""

    tokenizer: Literal["auto", "words", "characters", "bpe"] = Field(
        "auto",
        title="Read texts by",
        description="Words; characters; or BPE, learned pieces of words. Auto: characters where a column is mostly "
        "Chinese, Japanese or Korean, else words",
    )
    vocabulary: Annotated[int, Field(ge=10, le=200_000)] = Field(
        10_000,
        title="Vocabulary",
        description="The most frequent tokens of a column are known; all others are one 'unknown' token",
        json_schema_extra={"unit": "tokens"},
    )
    max_length: Annotated[int, Field(ge=1, le=4096)] = Field(
        256,
        title="Longest text",
        description="Of longer texts only the beginning is read",
        json_schema_extra={"unit": "tokens"},
    )
    min_count: Annotated[int, Field(ge=1, le=1000)] = Field(
        2,
        title="Rare below",
        description="Tokens that occur less often in the training rows are unknown, too: so the network learns what "
        "to make of those",
        json_schema_extra={"unit": "times"},
    )
    lowercase: bool = Field(True, title="Ignore case", description="Reads capital letters as small ones")


class Preparation(Record):
    """How columns become tensors. Everything fitted is fitted on training rows only."""

    numbers: Numbers = Numbers()
    categories: Categories = Categories()
    images: Images = Images()
    texts: Texts = Texts()


class Fusion(Record):
    """How several kinds of input (columns of a table, pictures, texts) come together; no part of a run with one."""

    width: Annotated[int, Field(ge=0, le=4096)] = Field(
        128,
        title="Fusion width",
        description="Neurons of the layer that sees all kinds of input together and learns how one changes what "
        "another means; 0: none, and each kind adds to the answer on its own",
        json_schema_extra={"unit": "neurons"},
    )
    dropout: Annotated[float, Field(ge=0, le=0.9)] = Field(
        0.1, title="Fusion dropout", description="Share of these neurons switched off at random while training"
    )


class EarlyStopping(Record):
    """When to stop before the last epoch."""

    patience: Annotated[int, Field(ge=0, le=10_000)] = Field(
        15,
        title="Patience",
        description="Stop after this many epochs without a better validation loss; 0 never stops early",
        json_schema_extra={"unit": "epochs"},
    )
    min_delta: Annotated[float, Field(ge=0)] = Field(
        0.0, title="Smallest gain", description="A validation loss counts as better when lower by more than this"
    )


class Optimisation(Record):
    """How the weights are found."""

    epochs: Annotated[int, Field(ge=1, le=100_000)] = Field(
        50, title="Epochs", description="Passes over the training rows", json_schema_extra=ESSENTIAL
    )
    batch_size: Annotated[int, Field(ge=1, le=1_000_000)] | Literal["all"] = Field(
        64,
        title="Batch size",
        description="Rows per step; 'all' is full-batch gradient descent",
        json_schema_extra={"unit": "rows", **ESSENTIAL},
    )
    lr: Annotated[float, Field(gt=0, le=100)] = Field(
        1e-3, title="Learning rate", description="How far one step moves the weights", json_schema_extra=ESSENTIAL
    )
    optimiser: Choice = Field(Choice(name="adamw"), title="Optimiser", description="How a gradient becomes a step")
    schedule: Choice = Field(
        Choice(name="cosine"), title="Schedule", description="How the learning rate changes over the run"
    )
    warmup: Annotated[float, Field(ge=0, le=0.5)] = Field(
        0.05, title="Warm-up", description="Share of the run in which the learning rate rises to its value"
    )
    weight_decay: Annotated[float, Field(ge=0, le=10)] = Field(
        1e-4, title="Weight decay (L2)", description="Pulls weights towards zero; helps against overfitting"
    )
    l1: Annotated[float, Field(ge=0, le=10)] = Field(
        0.0,
        title="L1",
        description="Adds this times the sum of absolute weights to the loss; makes weights sparse",
    )
    clip_norm: Annotated[float, Field(ge=0)] = Field(
        1.0, title="Gradient clipping", description="Longest gradient allowed; 0 switches clipping off"
    )
    accumulate: Annotated[int, Field(ge=1, le=1024)] = Field(
        1,
        title="Accumulate",
        description="Adds up the gradients of this many batches before a step, as if the batch were larger",
        json_schema_extra={"unit": "batches"},
    )
    precision: Literal["32", "bf16", "16"] = Field(
        "32", title="Precision", description="Bits of the arithmetic; 16 needs a GPU, and halves its memory"
    )
    early_stopping: EarlyStopping = EarlyStopping()


class Hardware(Record):
    """Where it runs. Stored with the spec, but not part of its fingerprint."""

    device: str = Field(
        "auto",
        title="Device",
        description="Auto takes a free GPU, else Apple's MPS, else the CPU",
        json_schema_extra={**ESSENTIAL, "wanted": "auto, cpu, mps, or a GPU by its number, such as cuda:0"},
        pattern=r"^(auto|cpu|mps|cuda:\d+)$",
    )
    num_devices: Annotated[int, Field(ge=1, le=64)] = Field(
        1,
        title="Parallel processes",
        description="Trains on so many GPUs, or in so many processes on the CPU, at once; each takes its share of "
        "every batch, so that the result is that of one. On the CPU, batch normalisation sees one share at a time",
    )


class Spec(Record):
    """Everything that decides a run."""

    version: Literal[1] = 1
    data: Data
    split: Split = Split()
    preparation: Preparation = Preparation()
    task: Choice = Field(title="Task", description="What kind of answer is predicted")
    loss: Choice = Field(title="Loss", description="What training makes small")
    architecture: dict[Modality, Choice] = Field(
        title="Architecture", description="The network for each kind of input"
    )
    fusion: Fusion = Fusion()
    optimisation: Optimisation = Optimisation()
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] = Field(
        0, title="Seed", description="Start of all randomness of the training; equal seeds repeat a run on a CPU"
    )
    hardware: Hardware = Hardware()

    @property
    def fingerprint(self) -> str:
        """16 hex digits that are equal for specs that decide the same run (hardware left out)."""
        content = self.model_dump(mode="json", exclude={"hardware"})
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]
