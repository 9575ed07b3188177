"""Finds everything that can be chosen. No torch here: forms, checks and the command line call this anywhere.

An architecture is a folder `architectures/<modality>/<name>/` and a task a folder `tasks/<name>/`, each with a
`card.py` that defines `CARD`: they are found by being there. Folders of another place join in when it is added to
the `__path__` of `lightning_modules.architectures.<modality>`. Losses, optimisers and schedules are tables,
`CARDS`.
"""

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from typing import TypeVar, get_args

from leyden.catalogue import ArchitectureCard, Card, Catalogue, Modality, TaskCard
from lightning_modules.baselines import cards as baselines
from lightning_modules.losses import cards as losses
from lightning_modules.optimisers import cards as optimisers
from lightning_modules.schedules import cards as schedules

AnyCard = TypeVar("AnyCard", bound=Card)


@cache
def catalogue() -> Catalogue:
    """The catalogue of this process. Cards that appear later are seen after `catalogue.cache_clear()`."""
    architectures: dict[Modality, Mapping[str, ArchitectureCard]] = {}
    for modality in get_args(Modality):
        found = _discover(f"lightning_modules.architectures.{modality}", ArchitectureCard)
        assert all(card.modality == modality for card in found.values()), f"a card in {modality}/ says otherwise"
        if found:
            architectures[modality] = found
    return Catalogue(
        architectures=architectures,
        tasks=_discover("lightning_modules.tasks", TaskCard),
        losses={card.name: card for card in losses.CARDS},
        optimisers={card.name: card for card in optimisers.CARDS},
        schedules={card.name: card for card in schedules.CARDS},
        default_architectures={modality: next(iter(cards)) for modality, cards in architectures.items()},
        baselines={card.name: card for card in baselines.CARDS},
    )


def _discover(package: str, kind: type[AnyCard]) -> dict[str, AnyCard]:
    """The cards in the folders of a package, by rank and title; a folder must be called as its card."""
    try:
        path = importlib.import_module(package).__path__
    except ModuleNotFoundError as error:
        if error.name != package:
            raise
        return {}
    folders = [entry.name for entry in pkgutil.iter_modules(path) if entry.ispkg]
    cards = [importlib.import_module(f"{package}.{folder}.card").CARD for folder in folders]
    for folder, card in zip(folders, cards, strict=True):
        assert isinstance(card, kind), f"{package}.{folder}: CARD is no {kind.__name__}"
        assert card.name == folder, f"{package}.{folder}: the card is called {card.name!r}"
    return {card.name: card for card in sorted(cards, key=lambda card: (card.rank, card.title))}
