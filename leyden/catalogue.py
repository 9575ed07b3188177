"""The shape of what can be chosen: cards of architectures, tasks, losses, optimisers, schedules and metrics.

Cards are torch-free, so that forms, checks and documents can read them anywhere. What they describe lives in
`lightning_modules` and is imported when used. The core receives a `Catalogue`; it never builds one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from pydantic.config import JsonDict

from leyden.datasets.profile import ColumnKind
from leyden.records import Record

Modality = Literal["tabular", "image", "text"]

MODALITY_OF: Mapping[ColumnKind, Modality] = {
    "number": "tabular",
    "category": "tabular",
    "datetime": "tabular",
    "image": "image",
    "text": "text",
}


ESSENTIAL: JsonDict = {"level": "essential"}
"""`json_schema_extra` of a field that the form shows at once."""


class Options(Record):
    """Base of every card's options: fields carry default, bounds, title, help and, as extra, a unit once.

    `json_schema_extra` keys that forms understand: `unit` (shown behind the number), `level`
    (`"essential"` puts the field beside the essentials; everything else is under Advanced).
    """


@dataclass(frozen=True)
class Card:
    """What a person reads about one choice, and which options it takes."""

    name: str
    title: str
    summary: str
    options: type[Options] = Options
    source: str = ""
    rank: int = 100
    """Place in lists of cards that are discovered by folder: lower first, equal ranks by title."""


@dataclass(frozen=True)
class ArchitectureCard(Card):
    """An encoder for one modality."""

    modality: Modality = "tabular"


@dataclass(frozen=True)
class MetricCard:
    """A figure of a task. Its name is the key in reports and, as `val/<name>`, in live metrics."""

    name: str
    title: str
    summary: str
    higher_is_better: bool
    best: float | None = None
    is_live: bool = False
    """Whether it is computed at each validation during training."""


@dataclass(frozen=True)
class LossCard(Card):
    """A loss and the tasks it fits."""

    tasks: tuple[str, ...] = ()
    factory: str = ""
    """`package.module:function`, imported when a run needs it."""


@dataclass(frozen=True)
class FactoryCard(Card):
    """An optimiser or a schedule: a card with its factory, imported when a run needs it."""

    factory: str = ""


@dataclass(frozen=True)
class BaselineCard(FactoryCard):
    """A simple model that every network is held against."""

    modalities: tuple[Modality, ...] = ()
    """Kinds of input of which it reads some; without any it is left out. Empty: it fits whatever the inputs are."""


@dataclass(frozen=True)
class TaskCard(Card):
    """What is predicted, and how it is judged."""

    target_kinds: tuple[ColumnKind, ...] = ()
    """Kinds of target for which this task is the default; the first task that lists a kind wins."""
    allowed_target_kinds: tuple[ColumnKind, ...] = ()
    """Kinds of target that a person may choose this task for."""
    default_loss: str = ""
    metrics: tuple[MetricCard, ...] = ()
    headline: str = ""
    """Name of the metric that stands first everywhere."""

    def metric(self, name: str) -> MetricCard | None:
        """The metric of this name, or None."""
        return next((metric for metric in self.metrics if metric.name == name), None)


@dataclass(frozen=True)
class Catalogue:
    """Everything that can be chosen, by name; orders are display orders, and the first is the default."""

    architectures: Mapping[Modality, Mapping[str, ArchitectureCard]]
    tasks: Mapping[str, TaskCard]
    losses: Mapping[str, LossCard]
    optimisers: Mapping[str, FactoryCard]
    schedules: Mapping[str, FactoryCard]
    default_architectures: Mapping[Modality, str] = field(default_factory=dict)
    baselines: Mapping[str, BaselineCard] = field(default_factory=dict)

    def baselines_for(self, kinds: Iterable[ColumnKind]) -> dict[str, BaselineCard]:
        """The baselines that fit inputs of these kinds, the simplest first."""
        found = {MODALITY_OF[kind] for kind in kinds if kind in MODALITY_OF}
        return {
            name: card
            for name, card in self.baselines.items()
            if not card.modalities or not found.isdisjoint(card.modalities)
        }

    def losses_for(self, task: str) -> dict[str, LossCard]:
        """The losses that fit a task, in display order."""
        return {name: card for name, card in self.losses.items() if task in card.tasks}
