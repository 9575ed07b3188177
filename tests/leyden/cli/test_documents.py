"""The README names what is there, and what is there is in the README."""

import re
import shlex

import pytest
import typer.main

from leyden.cli.app import app
from leyden.home import PROJECT

README = (PROJECT / "README.md").read_text(encoding="utf-8")
API = (PROJECT / "docs" / "api.md").read_text(encoding="utf-8")
COMMANDS = typer.main.get_command(app).commands
SHOWN = re.findall(r"^ *python -m leyden (.+)$", README, re.MULTILINE)
READ_AT_RUN_TIME = ("leyden", "ui", "lightning_modules", "pages")


def variables_in(folders: tuple[str, ...]) -> set[str]:
    texts = [path.read_text(encoding="utf-8") for name in folders for path in (PROJECT / name).rglob("*.py")]
    return {name for text in texts for name in re.findall(r"""environ(?:\.get\(|\[)["'](LEYDEN_\w+)""", text)}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_in_the_readme_or_the_description_of_the_api(name: str):
    assert re.search(rf"`{name}`|python -m leyden {name}\b", README + API)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_says_what_it_is_for(name: str):
    command = COMMANDS[name]
    assert command.help
    silent = [parameter.name for parameter in command.params if not getattr(parameter, "help", None)]
    assert silent == []


@pytest.mark.parametrize("line", SHOWN)
def test_every_shown_command_exists_with_its_options(line: str):
    name, *arguments = shlex.split(line, comments=True)
    if name == "COMMAND":
        return
    known = {
        option for parameter in COMMANDS[name].params for option in (*parameter.opts, *parameter.secondary_opts)
    }
    assert {word for word in arguments if word.startswith("--")} <= known | {"--help"}


def test_the_readme_shows_commands():
    assert len(SHOWN) >= 3


def test_every_variable_of_the_readme_exists_and_every_variable_is_in_it():
    documented = set(re.findall(r"\bLEYDEN_[A-Z_]+\b", README))
    read = variables_in(READ_AT_RUN_TIME)
    assert read, "nothing is read: the pattern of this test is wrong"
    assert read <= documented
    assert documented <= read | variables_in(("tests", "benchmarks"))
