"""A catalogue and profiles to check specs against; the core's tests need no torch, nor the real catalogue."""

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from leyden.catalogue import ArchitectureCard, Catalogue, FactoryCard, LossCard, Modality, Options, TaskCard
from leyden.datasets.profile import (
    Column,
    DateSummary,
    Histogram,
    ImageSummary,
    NumberSummary,
    Profile,
)
from leyden.messages.render import Message

HISTOGRAM = Histogram(edges=(0.0, 1.0), counts=(1,))


class NetOptions(Options):
    width: Annotated[int, Field(ge=1, le=64)] = Field(8, title="Width", json_schema_extra={"unit": "neurons"})
    rate: Annotated[float, Field(gt=0, lt=1)] = Field(0.5, title="Keep rate")
    kind: Literal["plain", "deep"] = Field("plain", title="Kind")


class DescentOptions(Options):
    momentum: Annotated[float, Field(ge=0, lt=1)] = 0.9
    nesterov: bool = False

    @model_validator(mode="after")
    def _momentum(self) -> "DescentOptions":
        if self.nesterov and not self.momentum:
            raise PydanticCustomError("nesterov_without_momentum", "needs momentum")
        return self


def architecture(modality: Modality, name: str) -> ArchitectureCard:
    return ArchitectureCard(name=name, title=name, summary=name, options=NetOptions, modality=modality)


def catalogue(*modalities: Modality) -> Catalogue:
    """Two architectures for each modality, two tasks, a loss for each and a shared one."""
    modalities = modalities or ("tabular", "image")
    names = ("small", "large")
    sorting = TaskCard(
        name="sorting",
        title="Sorting",
        summary="Classes",
        target_kinds=("category",),
        allowed_target_kinds=("category", "number"),
        default_loss="surprise",
    )
    guessing = TaskCard(
        name="guessing",
        title="Guessing",
        summary="Numbers",
        target_kinds=("number",),
        allowed_target_kinds=("number",),
        default_loss="distance",
    )
    losses = (
        LossCard(name="surprise", title="Surprise", summary="Surprise", tasks=("sorting",)),
        LossCard(name="distance", title="Distance", summary="Distance", tasks=("guessing",)),
        LossCard(name="either", title="Either", summary="Either", tasks=("sorting", "guessing")),
    )
    descent = FactoryCard(name="descent", title="Descent", summary="Steps", options=DescentOptions)
    plain = FactoryCard(name="adamw", title="AdamW", summary="Steps")
    flat = FactoryCard(name="cosine", title="Flat", summary="Stays")
    return Catalogue(
        architectures={m: {name: architecture(m, name) for name in names} for m in modalities},
        tasks={"sorting": sorting, "guessing": guessing},
        losses={loss.name: loss for loss in losses},
        optimisers={"adamw": plain, "descent": descent},
        schedules={"cosine": flat},
        default_architectures=dict.fromkeys(modalities, "small"),
    )


def column(name: str, kind: str, **facts: Any) -> Column:
    """A column of 200 rows."""
    storage = {"number": "float", "datetime": "datetime"}.get(kind, "string")
    given = {"storage": storage, "num_missing": 0, "num_distinct": 100, **facts}
    if given["storage"] in ("integer", "float") and not given.get("num_not_numeric"):
        given["numbers"] = NumberSummary(minimum=0, maximum=1, mean=0, std=1, median=0, histogram=HISTOGRAM)
    if kind == "datetime":
        given["dates"] = DateSummary(earliest="2020-01-01", latest="2021-01-01", histogram=HISTOGRAM)
    if kind == "image":
        side = facts.pop("side", 200)
        given.pop("side", None)
        given["images"] = ImageSummary(
            min_width=side, max_width=side, min_height=side // 2, max_height=side // 2, modes={"RGB": 200}
        )
    return Column(name=name, kind=kind, reason=Message(code="x"), **given)


def profile(*columns: Column, num_rows: int = 200, **facts: Any) -> Profile:
    return Profile(
        layout="table", num_rows=num_rows, columns=columns, source_name="x.csv", source_bytes=1, **facts
    )


def people() -> Profile:
    """Ages, towns, a date, some prose and an id; who bought is the target."""
    return profile(
        column("age", "number"),
        column("town", "category", num_distinct=7, num_missing=5),
        column("joined", "datetime"),
        column("letter", "text"),
        column("id", "ignored", storage="integer", num_distinct=200),
        column("bought", "category", num_distinct=2),
        column("income", "number", num_missing=3),
        suggested_target="bought",
    )
