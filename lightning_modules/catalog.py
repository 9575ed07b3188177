"""Finds everything that can be chosen. No torch here: forms, checks and the command line call this anywhere.

An architecture is a folder `architectures/<modality>/<name>/` and a task a folder `tasks/<name>/`, each with a
`card.py` that defines `CARD`: they are found by being there. Folders of another place join in when it is added to
the `__path__` of `lightning_modules.architectures.<modality>`. Losses, optimisers and schedules are tables,
`CARDS`. A card that is no good, such as one that is half written, is left out and told in the log of the server; it
is looked at again once it has changed.
"""

import contextlib
import importlib
import sys
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
Folder = tuple[str, float]
"""Its name, and when its card was last changed, in Unix seconds."""


def catalogue() -> Catalogue:
    """Everything that can be chosen now: a folder that is added is seen at once, by processes that run already."""
    return _catalogue(tuple(_folders(package) for package in (*PACKAGES.values(), TASKS)))


@lru_cache(maxsize=1)
def _catalogue(folders: tuple[tuple[Folder, ...], ...]) -> Catalogue:
    """The catalogue of these folders of `PACKAGES` and tasks, kept until they are others."""
    # A folder that is younger than Python's last look at the one around it may be hidden from it.
    importlib.invalidate_caches()
    architectures: dict[Modality, Mapping[str, ArchitectureCard]] = {}
    for (modality, package), names in zip(PACKAGES.items(), folders, strict=False):
        found = _cards(package, names, ArchitectureCard, modality)
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


def _folders(package: str) -> tuple[Folder, ...]:
    """The folders in a package that have a card."""
    try:
        path = importlib.import_module(package).__path__
    except ModuleNotFoundError as error:
        if error.name != package:
            raise
        return ()
    found = []
    for card in (card for parent in path for card in Path(parent).glob("*/card.py")):
        with contextlib.suppress(OSError):  # Somebody is at work on it.
            found.append((card.parent.name, card.stat().st_mtime))
    return tuple(sorted(found))


def _cards(
    package: str, folders: tuple[Folder, ...], kind: type[AnyCard], modality: Modality | None = None
) -> dict[str, AnyCard]:
    """The good cards in these folders of a package, by rank and title."""
    cards = [card for name, _changed_at in folders if (card := _card(package, name, kind, modality))]
    return {card.name: card for card in sorted(cards, key=lambda card: (card.rank, card.title))}


def _card(package: str, folder: str, kind: type[AnyCard], modality: Modality | None) -> AnyCard | None:
    """The card of a folder; None, and a word in the log, where it is no good: the others are."""
    module = f"{package}.{folder}.card"
    try:
        card = importlib.import_module(module).CARD
        assert isinstance(card, kind), f"CARD is no {kind.__name__}"
        assert card.name == folder, f"the card is called {card.name!r}"
        assert modality in (None, getattr(card, "modality", None)), f"the card does not say {modality}"
    except Exception as error:  # Whatever a module may do that somebody is writing.
        sys.modules.pop(module, None)  # Otherwise nobody would look at it again.
        print(f"{module} is left out: {type(error).__name__}: {error}", file=sys.stderr)
        return None
    return card
