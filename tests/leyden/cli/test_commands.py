"""Commands in this process. The supervisor is played here where one is needed, so that no process is started."""

import json
import socket
from pathlib import Path
from zipfile import ZipFile

import pytest

from leyden.cli import waiting
from leyden.cli.output import columns
from leyden.home import Home
from leyden.run_folder import LAST
from tests.leyden.cli.conftest import ends_as, in_words, require_one_sentence


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["frobnicate"], "frobnicate"),
        (["runs", "--frobnicate"], "--frobnicate"),
        (["runs", "--limit", "0"], "--limit"),
        (["runs", "--status", "dead"], "--status must be one of queued"),
        (["runs", "--sort", "no such"], "--sort must be"),
        (["import"], "PATH"),
        (["import", "/nowhere/birds.csv"], "/nowhere/birds.csv"),
        (["import", "x.csv", "--kind", "species=colour"], "number, category, datetime, text, image, ignored"),
        (["import", "x.csv", "--kind", "species"], "COLUMN=KIND"),
        (["import", "x.csv", "--header", "--no-header"], "--no-header"),
        (["import", "x.csv", "--decimal", ";"], "--decimal"),
        (["train", "--data", "nothing-of-this-name"], "nothing-of-this-name"),
        (["spec", "--data", "/nowhere"], "/nowhere"),
        (["show", "r0"], "'r0'"),
        (["report", "r0"], "'r0'"),
        (["report", "r0", "--split", "train"], "val or test"),
        (["stop", "r0"], "'r0'"),
        (["resume", "r0"], "'r0'"),
        (["resume", "r0", "--epochs", "0"], "--epochs"),
        (["predict", "r0", "/nowhere.csv", "--out", "out.csv"], "'r0'"),
        (["predict", "r0", "birds.csv"], "--out"),
        (["predict", "r0", "birds.csv", "--out", "/"], "directory"),
        (["delete", "r0"], "'r0'"),
        (["delete", "d0"], "'d0'"),
    ],
    ids=in_words,
)
def test_bad_usage_is_one_sentence(leyden, arguments: list[str], said: str):
    answer = leyden(*arguments)
    require_one_sentence(answer)
    assert said.casefold() in answer.err.casefold()


def test_datasets_lists_them(leyden, dataset, run):
    [listed] = leyden("datasets", "--json").json["datasets"]
    assert (listed["id"], listed["num_rows"], listed["runs"]) == (dataset, 240, 1)
    assert dataset in leyden("datasets").out


def test_a_queued_run_is_listed_shown_and_stopped(leyden, run):
    assert [row["id"] for row in leyden("runs", "--json").json["runs"]] == [run]
    assert leyden("runs", "--search", "nothing like it", "--json").json == {"runs": []}
    shown = leyden("show", run, "--json").json
    assert (shown["status"], shown["target"], shown["report"]) == ("queued", "species", {})
    assert shown["spec"]["seed"] == 0
    stopped = leyden("stop", run, "--json")
    assert (stopped.code, stopped.json) == (0, {"run": run, "status": "stopped"})


def test_a_run_is_shown_with_its_note_and_tags(leyden, run, store):
    bare = leyden("show", run)
    assert not [line for line in bare.out.splitlines() if line.startswith(("note", "tags"))]
    store.runs.set_note(run, "too high a rate")
    store.runs.add_tags([run], ["论文", "slow"])
    lines = leyden("show", run).out.splitlines()
    assert "note: too high a rate" in lines and "tags: slow, 论文" in lines
    shown = leyden("show", run, "--json").json
    assert (shown["note"], shown["tags"]) == ("too high a rate", ["slow", "论文"])


def test_every_command_knows_a_run_by_its_number(leyden, run):
    for word in ("1", "#1", run[:6]):
        assert leyden("show", word, "--json").json["run"] == run
    assert [row["id"] for row in leyden("label", "1", "--tag", "paper", "--json").json["runs"]] == [run]
    assert leyden("stop", "1", "--json").json["run"] == run
    assert leyden("resume", "1", "--no-wait", "--json").json["run"] == run
    leyden("stop", "1")
    refused = leyden("delete", run[:-1])
    require_one_sentence(refused)
    assert f"the whole id, such as {run}" in refused.err, "a slip would be for good"
    assert leyden("delete", "#1", "--json").json["deleted"] == run


def test_what_is_in_use_is_not_deleted(leyden, dataset, run):
    for id_ in (run, dataset):
        require_one_sentence(leyden("delete", id_))
    leyden("stop", run)
    assert leyden("delete", run, "--json").json["deleted"] == run
    assert leyden("delete", dataset, "--json").json["deleted"] == dataset
    assert leyden("datasets", "--json").json == {"datasets": []}


def test_what_is_not_there_yet_is_said(leyden, run, table: Path, tmp_path: Path):
    for arguments in (["report", run], ["report", run, "--split", "test"], ["resume", run]):
        require_one_sentence(leyden(*arguments))
    require_one_sentence(leyden("predict", run, table, "--out", tmp_path / "out.csv"))


def test_a_run_without_checkpoints_is_said_to_be_trained_from_the_beginning(leyden, run, home: Home):
    begun_anew = "it is trained from the beginning"
    leyden("stop", run)
    assert begun_anew in leyden("resume", run, "--no-wait").err
    leyden("stop", run)
    home.run(run).mkdir(parents=True)
    with ZipFile(home.run(run) / LAST, "w") as archive:
        archive.writestr("data.pkl", b"x")
    goes_on = leyden("resume", run, "--epochs", "200", "--no-wait")
    assert goes_on.code == 0 and begun_anew not in goes_on.err


@pytest.mark.parametrize(
    ("state", "reason", "code"),
    [("finished", None, 0), ("failed", "unexpected_error", 1), ("stopped", "stopped_by_user", 1)],
)
def test_the_exit_code_is_the_run_s_end(leyden, store, dataset, monkeypatch, state, reason, code):
    monkeypatch.setattr(waiting, "wake_supervisor", ends_as(state, reason, store))
    answer = leyden("train", "--data", dataset, "--target", "species", "--json")
    assert (answer.code, answer.json["status"]) == (code, state)
    assert ("reason" in answer.json) == (code == 1)
    assert "Traceback" not in answer.err


def test_ctrl_c_detaches_and_the_run_goes_on(leyden, store, dataset, monkeypatch):
    def interrupted(home: Home) -> bool:
        raise KeyboardInterrupt

    monkeypatch.setattr(waiting, "wake_supervisor", interrupted)
    answer = leyden("train", "--data", dataset, "--target", "species", "--json")
    assert (answer.code, answer.json["status"]) == (0, "queued")
    assert f"python -m leyden stop {answer.json['run']}" in answer.err
    assert not store.jobs.list()[0].stop_request


def test_architectures_are_listed_with_their_options(leyden):
    listed = {one["name"]: one for one in leyden("architectures", "--json").json["architectures"]}
    assert {"linear", "mlp", "resnet", "cnn", "torchvision"} <= listed.keys()
    assert listed["mlp"]["options"]["dropout"] is not None
    assert sum(one["is_default"] for one in listed.values()) == len({one["modality"] for one in listed.values()})


def test_help_is_help_and_no_failure(leyden):
    assert leyden("--help").code == 0
    bare = leyden()
    assert (bare.code, bare.out) == (2, "")
    assert bare.err.startswith("Usage: python -m leyden")


def test_a_workspace_that_cannot_be_written_is_said(leyden, monkeypatch, tmp_path: Path):
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("LEYDEN_HOME", str(tmp_path / "file"))
    answer = leyden("runs")
    require_one_sentence(answer)
    assert "LEYDEN_HOME" in answer.err


def test_json_keeps_what_people_wrote(leyden, dataset, store):
    store.datasets.rename(dataset, "企鹅")
    answer = leyden("datasets", "--json")
    assert "企鹅" in answer.out
    assert answer.out == json.dumps(answer.json, ensure_ascii=False) + "\n"


def test_a_port_that_is_taken_is_told_before_anything_is_started(leyden):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        answer = leyden("serve", "--port", str(port))
    assert answer.code == 2 and answer.out == ""
    assert answer.err.splitlines() == [
        f"leyden: Invalid value: port {port} of 127.0.0.1 is taken; give another one with --port"
    ]


def test_columns_stand_below_each_other_in_a_terminal():
    assert columns(("name", "n"), [("企鹅", 1), ("ab", 2)]) == ["name  n", "企鹅  1", "ab    2"]
