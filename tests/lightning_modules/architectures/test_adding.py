"""docs/adding.md is followed, word for word, in a folder of its own."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from leyden.catalogue import ArchitectureCard
from leyden.home import PROJECT
from leyden.spec.fields import fields_of, set_dotted
from lightning_modules.architectures import tabular
from lightning_modules.catalog import catalogue
from tests.leyden.factories import spec
from tests.lightning_modules.architectures import test_every_architecture as every
from tests.lightning_modules.architectures.cases import INPUTS, bounds

TEXT = (PROJECT / "docs" / "adding.md").read_text()
BLOCKS = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
FILES = re.findall(r"`lightning_modules/architectures/tabular/(\w+/\w+\.py)`", TEXT)
PACKAGE = "lightning_modules.architectures.tabular.wide_deep"


@pytest.fixture
def card(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ArchitectureCard]:
    """The card of the architecture that the document adds, with its folder found by the catalogue."""
    assert FILES == ["wide_deep/card.py", "wide_deep/network.py"]
    for name, block in zip(FILES, BLOCKS, strict=False):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(block)
    (tmp_path / "wide_deep" / "__init__.py").touch()
    monkeypatch.setattr(tabular, "__path__", [*tabular.__path__, str(tmp_path)])
    yield catalogue().architectures["tabular"]["wide_deep"]
    monkeypatch.undo()
    for module in [name for name in sys.modules if name.startswith(PACKAGE)]:
        del sys.modules[module]


def test_it_overfits_as_the_document_shows(card: ArchitectureCard, capsys: pytest.CaptureFixture[str]):
    exec(compile(BLOCKS[2], "docs/adding.md", "exec"), {})
    assert float(capsys.readouterr().out) < 0.1


def test_it_passes_the_tests_of_every_architecture(card: ArchitectureCard):
    for inputs in INPUTS["tabular"]:
        every.test_the_vector_is_as_wide_as_promised(card, inputs)
        every.test_a_last_batch_of_one_row_trains(card, inputs)
    for field in fields_of(card.options):
        for value in bounds(field):
            every.test_it_builds_at_the_bounds_of_its_options(card, {field.name: value})
            every.test_a_spec_with_it_survives_json(card, {field.name: value})
    every.test_it_overfits_one_batch(card)
    every.test_its_saved_state_gives_the_same_vectors(card)
    every.test_its_documentation_names_shapes_and_source(card)


def test_it_stands_last_in_the_list_and_can_be_set_by_name(card: ArchitectureCard):
    assert list(catalogue().architectures["tabular"])[-1] == "wide_deep"
    values = {"architecture.tabular": "wide_deep", "architecture.tabular.options.width": "128"}
    assert set_dotted(spec(), values, catalogue()).architecture["tabular"].options == {"width": 128}


def test_it_is_gone_afterwards():
    assert "wide_deep" not in catalogue().architectures["tabular"]


def test_the_document_names_files_that_exist():
    for name in re.findall(r"`(lightning_modules/[\w/]+\.py)`", TEXT):
        assert "wide_deep" in name or (PROJECT / name).exists(), name
