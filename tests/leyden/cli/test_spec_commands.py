"""What a run is asked to be: specs from files, pipes and single settings."""

import json
from pathlib import Path

import pytest

from leyden import actions
from leyden.spec.fields import set_dotted
from leyden.store.store import Store
from lightning_modules.catalog import catalogue
from tests.leyden.cli.conftest import Piped, in_words, require_one_sentence


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--set", "optimisation.lrr=1"], "Did you mean optimisation.lr?"),
        (["--set", "optimisation.lr=fast"], "'fast'"),
        (["--set", "optimisation.lr"], "KEY=VALUE"),
        (["--set", "optimisation.optimiser=adamm"], "adamw"),
        (["--target", "specie"], "species"),
        (["--architecture", "cnn"], "mlp"),
        (["--spec", "/nowhere.json"], "/nowhere.json"),
        (["--test", "/nowhere.csv"], "/nowhere.csv"),
        (["--set", "data.target=bill_mm", "--set", "seed=-1"], "seed"),
        (["--set", "hardware.device=cuda"], "must be auto, cpu, mps, or a GPU by its number"),
    ],
    ids=in_words,
)
def test_a_run_that_cannot_be_is_refused_in_one_sentence(leyden, store, dataset, arguments: list[str], said: str):
    answer = leyden("train", "--data", dataset, *arguments)
    require_one_sentence(answer)
    assert said in answer.err
    assert store.runs.list() == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{broken", "JSON"),
        ("[]", "JSON object"),
        ('{"data": 3}', "data"),
        ('{"colour": 1}', "colour"),
        ("\xff", "JSON"),
    ],
)
def test_a_spec_file_that_is_none_is_refused(leyden, dataset, tmp_path: Path, text: str, said: str):
    path = tmp_path / "spec.json"
    path.write_bytes(text.encode("latin-1"))
    answer = leyden("train", "--data", dataset, "--spec", path)
    require_one_sentence(answer)
    assert said in answer.err


def test_inputs_of_another_kind_bring_their_network(leyden, dataset):
    both = leyden("spec", "--data", dataset, "--set", "data.inputs.island=text", "--json").json
    assert set(both["architecture"]) == {"tabular", "text"}
    chosen = ("--set", "architecture.text=textcnn", "--set", "architecture.text.options.filters=8")
    told = leyden("spec", "--data", dataset, *chosen, "--set", "data.inputs.island=text", "--json").json
    assert told["architecture"]["text"] == {"name": "textcnn", "options": {"filters": 8}}
    others = [name for name in both["data"]["inputs"] if name != "island"]
    alone = [one for name in others for one in ("--set", f"data.inputs.{name}=none")]
    only = leyden("spec", "--data", dataset, "--set", "data.inputs.island=text", *alone, "--json").json
    assert set(only["architecture"]) == {"text"}


def test_a_spec_file_and_a_target_contradict(leyden, dataset, tmp_path: Path):
    require_one_sentence(leyden("train", "--data", dataset, "--spec", tmp_path / "x", "--target", "species"))


@pytest.mark.parametrize("wrong", [("--set", "optimisation.lr"), ("--spec", "nothing.json")])
def test_a_wrong_setting_is_noticed_before_data_is_imported(leyden, store, table, wrong: tuple[str, str]):
    require_one_sentence(leyden("train", "--data", table, *wrong))
    assert store.jobs.list(states=("queued", "running", "finished", "failed")) == []


def test_a_printed_spec_trains_the_same(leyden, store, dataset, tmp_path: Path):
    path = tmp_path / "spec.json"
    path.write_text(leyden("spec", "--data", dataset, "--target", "species", "--set", "seed=7").out)
    by_file = leyden("train", "--data", dataset, "--spec", path, "--no-wait", "--json").json["run"]
    by_hand = leyden("train", "--data", dataset, "--target", "species", "--seed", "7", "--no-wait", "--json").json
    assert store.runs.get(by_file).fingerprint == store.runs.get(by_hand["run"]).fingerprint
    assert store.runs.get(by_file).spec.seed == 7


def test_a_spec_file_may_say_only_what_is_not_the_default(leyden, store, dataset, tmp_path: Path):
    settings = (
        "--set",
        "optimisation.lr=0.01",
        "--set",
        "architecture.tabular=linear",
        "--set",
        "data.inputs=mass_g",
    )
    by_hand = ("--data", dataset, *settings)
    printed = json.loads(leyden("spec", *by_hand, "--changed").out)
    assert printed == {
        "data": {"target": "species", "inputs": {"mass_g": "number"}},
        "architecture": {"tabular": {"name": "linear"}},
        "optimisation": {"lr": 0.01},
    }
    path = tmp_path / "spec.json"
    path.write_text(json.dumps(printed))
    runs = [
        store.runs.get(leyden("train", *arguments, "--no-wait", "--json").json["run"])
        for arguments in (by_hand, ("--data", dataset, "--spec", path))
    ]
    assert runs[0].fingerprint == runs[1].fingerprint
    assert runs[1].name.endswith("linear · without 2 inputs · lr 0.01")


def test_a_spec_without_a_task_is_told_what_a_task_is(leyden, dataset: str, tmp_path: Path):
    path = tmp_path / "spec.json"
    path.write_text('{"task": null}')
    answer = leyden("train", "--data", dataset, "--spec", path)
    require_one_sentence(answer)
    assert "'task' must be an object with the name of the choice, but is nothing." in answer.err


def test_a_spec_comes_through_a_pipe(leyden, store: Store, dataset: str, monkeypatch):
    monkeypatch.setattr("sys.stdin", Piped(b'{"seed": 5}'))
    run = leyden("train", "--data", dataset, "--spec", "-", "--no-wait", "--json").json["run"]
    assert store.runs.get(run).spec.seed == 5


def test_a_clone_is_named_by_what_was_changed_first_and_a_chosen_name_stays(leyden, store, home, dataset):
    parent = store.runs.get(leyden("train", "--data", dataset, "--seed", "3", "--no-wait", "--json").json["run"])
    assert parent.name == "birds · mlp · seed 3" and parent.label == f"{parent.name} #1"
    spec = set_dotted(parent.spec, {"preparation.numbers.scaling": "none"}, catalogue())
    clone = actions.submit_run(home, store, catalogue(), spec, parent=parent.id)
    assert clone.name == "birds · mlp · number scaling none · seed 3"
    assert actions.submit_run(home, store, catalogue(), spec, parent="r-gone").label == f"{clone.name} #3"
    assert actions.submit_run(home, store, catalogue(), spec, name="mine", parent=parent.id).name == "mine"
