import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from leyden.catalogue import Card
from leyden.factory import imported
from leyden.home import PROJECT
from leyden.spec.field import fields_of
from lightning_modules.architectures import tabular
from lightning_modules.catalog import PACKAGES, TASKS, catalogue


def all_cards() -> Iterator[Card]:
    found = catalogue()
    for cards in found.architectures.values():
        yield from cards.values()
    for table in (found.tasks, found.losses, found.optimisers, found.schedules, found.baselines):
        yield from table.values()


def card_id(card: Card) -> str:
    return f"{type(card).__name__}-{card.name}"


def test_the_catalogue_imports_no_torch():
    code = (
        "import sys; from lightning_modules.catalog import catalogue; catalogue(); print('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_the_first_of_each_table_is_a_good_default():
    found = catalogue()
    assert found.default_architectures == {"tabular": "mlp", "image": "cnn", "text": "embedding_mean"}
    assert list(found.tasks) == ["classification", "regression"]
    for task in found.tasks.values():
        assert next(iter(found.losses_for(task.name))) == task.default_loss


def test_everything_asked_for_is_there():
    found = catalogue()
    assert set(found.architectures["tabular"]) >= {"linear", "mlp", "resnet"}
    assert set(found.architectures["image"]) >= {"cnn", "torchvision"}
    assert set(found.optimisers) >= {"sgd", "adam", "adamw", "rmsprop"}
    assert set(found.schedules) >= {"constant", "cosine", "one_cycle", "plateau"}
    assert set(found.losses_for("classification")) >= {"cross_entropy", "mse_one_hot"}
    assert set(found.losses_for("regression")) >= {"mse", "mae", "huber"}


@pytest.mark.parametrize("card", all_cards(), ids=card_id)
def test_cards_are_ready_to_be_read(card: Card):
    assert card.name.isidentifier()
    assert card.title and card.summary.endswith(".")
    for field in fields_of(card.options):
        assert not field.is_required, f"{field.name} needs a default"
        assert field.help and field.title != field.name, field.name
        assert not field.help.endswith("."), f"{field.name}: help is a phrase without a full stop"
        if field.type in ("int", "float"):
            assert field.minimum is not None and field.maximum is not None, f"{field.name} needs bounds"


@pytest.mark.parametrize("card", all_cards(), ids=card_id)
def test_factories_exist(card: Card):
    if factory := getattr(card, "factory", None):
        assert callable(imported(factory))


@pytest.mark.parametrize("task", catalogue().tasks.values(), ids=card_id)
def test_a_task_knows_its_headline(task):
    headline = task.metric(task.headline)
    assert headline is not None and headline.is_live
    assert set(task.target_kinds) <= set(task.allowed_target_kinds)


def test_a_folder_that_is_added_is_seen_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    before = catalogue()
    assert catalogue() is before, "and what is known is not read again"
    monkeypatch.setattr(tabular, "__path__", [*tabular.__path__, str(tmp_path)])
    folder = tmp_path / "added_here"
    folder.mkdir()
    (folder / "__init__.py").touch()
    assert catalogue() is before, "not before it has a card"
    card = "from leyden.catalogue import ArchitectureCard\nCARD = ArchitectureCard('added_here', 'Added', 'Is new.')\n"
    (folder / "card.py").write_text(card)
    assert catalogue().architectures["tabular"]["added_here"].title == "Added"
    monkeypatch.undo()
    assert "added_here" not in catalogue().architectures["tabular"]


def test_a_card_that_is_half_written_waits_until_it_is_good(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
):
    known = list(catalogue().architectures["tabular"])
    monkeypatch.setattr(tabular, "__path__", [*tabular.__path__, str(tmp_path)])
    file = tmp_path / "half_done" / "card.py"
    file.parent.mkdir()
    begun = "from leyden.catalogue import ArchitectureCard\n"
    texts = ("", begun + "CARD = (", begun + "CARD = ArchitectureCard('another', 'Another', 'Is new.')\n")
    for saved_at, text in enumerate(texts, start=1_000):
        file.write_text(text)
        os.utime(file, (saved_at, saved_at))
        for _look in range(2):
            assert list(catalogue().architectures["tabular"]) == known
        assert capfd.readouterr().err.count("half_done.card is left out") == 1, "told once"
    file.write_text(texts[-1].replace("another", "half_done"))
    assert catalogue().architectures["tabular"]["half_done"].title == "Another"
    monkeypatch.undo()
    sys.modules.pop("lightning_modules.architectures.tabular.half_done.card")


def test_no_card_of_the_repository_is_left_out():
    for package in (*PACKAGES.values(), TASKS):
        folder = PROJECT.joinpath(*package.split("."))
        for file in folder.glob("*/card.py"):
            card = imported(f"{package}.{file.parent.name}.card:CARD")
            shelf = catalogue().tasks if package == TASKS else catalogue().architectures[folder.name]
            assert shelf.get(file.parent.name) is card, file
