"""A picture per row as a tensor."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import pandas as pd
import torch
from torch import Tensor

from leyden.datasets.profile import Column, ColumnKind
from leyden.errors import DataError, SpecError
from leyden.prediction.signature import InputColumn
from leyden.spec import model
from leyden.spec.model import Images
from lightning_modules.architectures.inputs import ImageInputs
from lightning_modules.data.augment import NUM_RANDOM, augment, changes_anything
from lightning_modules.data.kinds import Scalar
from lightning_modules.data.modality import ImageReader, RowReader
from lightning_modules.data.stored import Sequences, Stored
from lightning_modules.data.unseen import Unseen
from lightning_modules.devices import image_layout

HOLDS_FILES = True
SIZE_IS_LEARNT = False

RGB = tuple[float, float, float]

NORMALISATIONS: Mapping[str, tuple[RGB, RGB]] = {
    "imagenet": ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
    "half": ((0.5, 0.5, 0.5), (0.5, 0.5, 0.5)),
}
CHUNK = 256
"""Pictures whose mean is taken at a time."""


@dataclass(frozen=True)
class ImagePreparation:
    """Fitted preparation of one image column: `pixels`, (N, 3, size, size) uint8, normalised when a batch is used.

    A missing picture becomes zeros, which is a plain area of the mean colour; `is_there`, (N,) bool, tells where,
    and is left out where none is missing.

    Args:
        column: The column.
        options: Size and augmentation, as the spec has them.
        mean: Per colour, in [0, 1].
        std: Likewise.
        has_gaps: Whether training rows lacked a picture, so that the network knows blank ones.
    """

    column: str
    options: Images
    mean: RGB
    std: RGB
    has_gaps: bool = True

    @classmethod
    def fit(
        cls, frame: pd.DataFrame, kinds: Mapping[str, ColumnKind], options: model.Preparation, images: ImageReader
    ) -> Self:
        """Measures the training pictures' colours, where they are to be normalised by their own."""
        column = _only(kinds)
        if options.images.normalisation == "dataset":
            mean, std = _colours(images(frame[column].dropna(), options.images.size))
        else:
            mean, std = NORMALISATIONS[options.images.normalisation]
        return cls(column, options.images, mean, std, has_gaps=bool(frame[column].isna().any()))

    @classmethod
    def outline(cls, columns: Mapping[str, Column], options: model.Preparation, rows: RowReader) -> Self:
        """The shape, which the spec alone decides."""
        return cls(_only(columns), options.images, *NORMALISATIONS["half"])

    @classmethod
    def from_plain(cls, plain: dict[str, Any]) -> Self:
        """The one that `to_plain` described."""
        options = Images.model_validate(plain["options"])
        # Of checkpoints from before this was kept, it is not known.
        has_gaps = plain.get("has_gaps", True)
        return cls(plain["column"], options, tuple(plain["mean"]), tuple(plain["std"]), has_gaps)

    def to_plain(self) -> dict[str, Any]:
        """Column, options and colours as JSON."""
        options = self.options.model_dump(mode="json")
        colours = {"mean": list(self.mean), "std": list(self.std)}
        return {"column": self.column, "options": options, **colours, "has_gaps": self.has_gaps}

    @property
    def columns(self) -> tuple[str, ...]:
        """The one column."""
        return (self.column,)

    @property
    def inputs(self) -> ImageInputs:
        """Side and channels of the pictures."""
        return ImageInputs(size=self.options.size)

    @property
    def num_random(self) -> int:
        """What the augmentation wants."""
        return NUM_RANDOM if changes_anything(self.options) else 0

    def check(self, frame: pd.DataFrame) -> None:
        """A picture is checked when it is decoded."""

    def describe(self) -> tuple[InputColumn, ...]:
        """The one column."""
        return (InputColumn(name=self.column, kind="image", has_gaps=self.has_gaps),)

    def unseen(self, frame: pd.DataFrame) -> list[Unseen]:
        """No picture, where every training row had one. Whether one is like those trained on, no value tells."""
        if self.has_gaps:
            return []
        values = frame[self.column]
        return [Unseen("picture_none", self.column, values.isna().to_numpy(), pd.Series([None] * len(values)))]

    def transform(self, frame: pd.DataFrame, images: ImageReader) -> dict[str, Stored | Sequences]:
        """All pictures' pixels, and which are there."""
        pixels: dict[str, Stored | Sequences] = {"pixels": images(frame[self.column], self.options.size)}
        is_there = frame[self.column].notna().to_numpy(copy=True)
        return pixels if is_there.all() else {**pixels, "is_there": Stored(torch.from_numpy(is_there))}

    def finish(self, tensors: dict[str, Tensor], random: Tensor | None) -> dict[str, Tensor]:
        """(B, 3, S, S) uint8 as float32: augmented in training, then normalised."""
        pixels = tensors["pixels"].float().div_(255)
        if random is not None and self.num_random:
            pixels = augment(pixels, random, self.options)
        mean = pixels.new_tensor(self.mean).view(3, 1, 1)
        std = pixels.new_tensor(self.std).view(3, 1, 1)
        pixels = pixels.sub_(mean).div_(std)
        if "is_there" in tensors:
            pixels *= tensors["is_there"].view(-1, 1, 1, 1)
        return {"pixels": pixels.contiguous(memory_format=image_layout(pixels.device))}

    def blank(self, num_rows: int) -> dict[str, Tensor]:
        """Black pictures."""
        return {"pixels": torch.zeros(num_rows, 3, self.options.size, self.options.size)}


def from_json(value: Scalar, *, column: str, row: int) -> object:
    """The bytes of an image file, from base64; a data URL says the same with a head.

    Raises:
        DataError: It is no base64.
    """
    try:
        return base64.b64decode(str(value).rpartition("base64,")[2], validate=True)
    except (binascii.Error, ValueError) as error:
        raise DataError("picture_not_base64", column=column, row=row) from error


def _only(columns: Mapping[str, object]) -> str:
    if len(columns) > 1:
        raise SpecError("one_image_column", columns=", ".join(columns))
    return next(iter(columns))


def _colours(pixels: Stored) -> tuple[RGB, RGB]:
    """Mean and deviation per colour over all pictures, in [0, 1]; any where there are none."""
    if len(pixels) == 0:
        return NORMALISATIONS["half"]
    total, squares = torch.zeros(3, dtype=torch.float64), torch.zeros(3, dtype=torch.float64)
    for index in torch.arange(len(pixels)).split(CHUNK):
        chunk = pixels.take(index).double().div_(255)
        total += chunk.mean(dim=(2, 3)).sum(0)
        squares += chunk.square().mean(dim=(2, 3)).sum(0)
    mean = total / len(pixels)
    # A black-and-white set can have a colour without any deviation.
    std = (squares / len(pixels) - mean.square()).clamp_min(1e-4).sqrt()
    return _rgb(mean), _rgb(std)


def _rgb(values: Tensor) -> RGB:
    red, green, blue = values.tolist()
    return red, green, blue


PREPARATION = ImagePreparation
