"""Finds everything that can be chosen. No torch here: forms, checks and the command line call this anywhere.

An architecture is a folder `architectures/<modality>/<name>/` and a task a folder `tasks/<name>/`, each with a
`card.py` that defines `CARD`: they are found by being there. Folders of another place join in when it is added to
the `__path__` of `lightning_modules.architectures.<modality>`. Losses, optimisers and schedules are tables,
`CARDS`.
"""

import importlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TypeVar, get_args

from leyden.catalogue import ArchitectureCard, Card, Catalogue, Modality, TaskCard
from lightning_modules.baselines import cards as baselines
from lightning_modules.losses import cards as losses
from lightning_modules.optimisers import cards as optimisers
from lightning_modules.schedules import cards as schedules

AnyCard = TypeVar("AnyCard", bound=Card)


PACKAGES: Mapping[Modality, str] = {
    modality: f"lightning_modules.architectures.{modality}" for modality in get_args(Modality)
}
TASKS = "lightning_modules.tasks"


def catalogue() -> Catalogue:
    """Everything that can be chosen now: a folder that is added is seen at once, by processes that run already."""
    return _catalogue(tuple(_folders(package) for package in (*PACKAGES.values(), TASKS)))


@lru_cache(maxsize=1)
def _catalogue(folders: tuple[tuple[str, ...], ...]) -> Catalogue:
    """The catalogue of these folders of `PACKAGES` and tasks, kept until they are others."""
    # A folder that is younger than Python's last look at the one around it may be hidden from it.
    importlib.invalidate_caches()
    architectures: dict[Modality, Mapping[str, ArchitectureCard]] = {}
    for (modality, package), names in zip(PACKAGES.items(), folders, strict=False):
        found = _cards(package, names, ArchitectureCard)
        assert all(card.modality == modality for card in found.values()), f"a card in {modality}/ says otherwise"
        if found:
            architectures[modality] = found
    return Catalogue(
        architectures=architectures,
        tasks=_cards(TASKS, folders[-1], TaskCard),
        losses={card.name: card for card in losses.CARDS},
        optimisers={card.name: card for card in optimisers.CARDS},
        schedules={card.name: card for card in schedules.CARDS},
        default_architectures={modality: next(iter(cards)) for modality, cards in architectures.items()},
        baselines={card.name: card for card in baselines.CARDS},
    )


def _folders(package: str) -> tuple[str, ...]:
    """Names of the folders in a package that have a card."""
    try:
        path = importlib.import_module(package).__path__
    except ModuleNotFoundError as error:
        if error.name != package:
            raise
        return ()
    return tuple(sorted(card.parent.name for parent in path for card in Path(parent).glob("*/card.py")))


def _cards(package: str, folders: tuple[str, ...], kind: type[AnyCard]) -> dict[str, AnyCard]:
    """The cards in these folders of a package, by rank and title; a folder must be called as its card."""
    cards = [importlib.import_module(f"{package}.{folder}.card").CARD for folder in folders]
    for folder, card in zip(folders, cards, strict=True):
        assert isinstance(card, kind), f"{package}.{folder}: CARD is no {kind.__name__}"
        assert card.name == folder, f"{package}.{folder}: the card is called {card.name!r}"
    return {card.name: card for card in sorted(cards, key=lambda card: (card.rank, card.title))}
