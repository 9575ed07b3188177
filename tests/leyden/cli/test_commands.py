"""Commands in this process. The supervisor is played here where one is needed, so that no process is started."""

import io
import json
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from leyden import actions
from leyden.cli import waiting
from leyden.cli.output import columns
from leyden.datasets.ingest import ingest
from leyden.home import Home
from leyden.messages.render import Message
from leyden.run_folder import BEST
from leyden.spec.fields import set_dotted
from leyden.store.records import State
from leyden.store.store import Store
from lightning_modules.catalog import catalogue
from tests.leyden.factories import CPU
from tests.pages.factories import baseline
from tests.pages.reported import explored


@pytest.fixture(autouse=True)
def nobody_supervises(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is queued stays queued."""
    for module in (actions, waiting):
        monkeypatch.setattr(module, "wake_supervisor", lambda home: False)


@pytest.fixture
def dataset(home: Home, store: Store, table: Path) -> str:
    made = ingest(home, table)
    return store.datasets.add(made.dataset_id, name="birds", profile=made.profile, size_bytes=1).id


@pytest.fixture
def run(leyden, dataset: str) -> str:
    """A queued run."""
    return leyden("train", "--data", dataset, "--target", "species", "--no-wait", "--json").json["run"]


def ends_as(state: State, code: str | None, store: Store) -> Callable[[Home], bool]:
    """A supervisor whose every job comes to this end at once."""

    def wake(home: Home) -> bool:
        job = store.queue.claim_next("device", "tests", **CPU)
        if job:
            reason = Message(code=code, params={"kind": "OSError", "detail": "no such device"}) if code else None
            store.jobs.end(job.id, "tests", state, reason=reason)
        return False

    return wake


def require_one_sentence(answer) -> None:
    """Bad usage, data or spec: code 2, nothing on stdout, the reason in one line on stderr."""
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith("leyden: ") and answer.err.count("\n") == 1
    assert "Traceback" not in answer.err


def in_words(value: object) -> str | None:
    return " ".join(value) if isinstance(value, list) else None


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


def test_a_clone_is_named_by_what_was_changed_first_and_a_chosen_name_stays(leyden, store, home, dataset):
    parent = store.runs.get(leyden("train", "--data", dataset, "--seed", "3", "--no-wait", "--json").json["run"])
    assert parent.name == "birds · mlp · seed 3" and parent.label == f"{parent.name} #1"
    spec = set_dotted(parent.spec, {"preparation.numbers.scaling": "none"}, catalogue())
    clone = actions.submit_run(home, store, catalogue(), spec, parent=parent.id)
    assert clone.name == "birds · mlp · number scaling none · seed 3"
    assert actions.submit_run(home, store, catalogue(), spec, parent="r-gone").label == f"{clone.name} #3"
    assert actions.submit_run(home, store, catalogue(), spec, name="mine", parent=parent.id).name == "mine"


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


def test_the_queue_is_shown_paused_and_widened(leyden, run: str, store: Store):
    found = leyden("queue", "--json").json
    assert [(job["run_id"], job["state"]) for job in found["jobs"]] == [(run, "queued")]
    assert (found["is_paused"], found["cpu_runs"]) == (False, 1)
    assert "paused" in leyden("queue", "--pause", "--cpu-runs", "2").out
    assert (store.settings.queue().is_paused, store.settings.queue().cpu_runs) == (True, 2)
    leyden("queue", "--go-on")
    assert not store.settings.queue().is_paused
    assert leyden("queue", "--pause", "--go-on").code == 2


def test_what_waits_is_moved_and_removed(leyden, dataset: str, run: str, store: Store):
    second = leyden("train", "--data", dataset, "--target", "species", "--no-wait", "--json").json["run"]
    job = store.runs.get(second).job.id
    moved = leyden("queue", "--move", f"{job}=first", "--json").json
    assert [found["run_id"] for found in moved["jobs"]] == [second, run]
    left = leyden("queue", "--stop", str(job), "--json").json
    assert [found["run_id"] for found in left["jobs"]] == [run]
    assert store.runs.get(second).state == "stopped"


@pytest.mark.parametrize(
    "wrong", [("--move", "1=away"), ("--move", "first"), ("--stop", "99999"), ("--move", "9=up")]
)
def test_a_move_that_means_nothing_is_refused(leyden, run: str, wrong: tuple[str, str]):
    require_one_sentence(leyden("queue", *wrong))


def test_a_report_tells_its_intervals(leyden, home: Home, store: Store, run: str, dataset: str):
    explored(home, store, dataset, store.runs.get(run))
    path = home.run(run) / "report-val.json"
    report = json.loads(path.read_text())
    path.write_text(json.dumps({**report, "intervals": {"accuracy": {"low": 0.7, "high": 0.875}}}))
    answer = leyden("report", run, "--json").json
    assert answer["intervals"] == {"val": {"accuracy": {"low": 0.7, "high": 0.875}}}
    assert "(95 %: 0.7 to 0.875)" in leyden("report", run).out
    path.unlink()
    assert leyden("report", run, "--json").json["intervals"] == {"val": {}}


def test_a_report_tells_why_a_baseline_is_missing(leyden, home: Home, store: Store, run: str, dataset: str):
    found = explored(home, store, dataset, store.runs.get(run))
    store.baselines.put(dataset, baseline(found, "constant", 0.4))
    job = store.queue.claim_next("idle", "s", **CPU)
    assert job and job.subject == found.question
    reason = Message(code="unexpected_error", params={"kind": "ValueError", "detail": "no word"})
    failed = {"linear": reason.model_dump(mode="json")}
    store.jobs.end(job.id, "s", "finished", result={"baselines": ["constant"], "failed": failed})
    answer = leyden("report", run, "--json").json
    assert answer["baselines"] == {"val": {"constant": {"accuracy": 0.4}}}
    assert answer["failed_baselines"] == {"val": {"linear": "ValueError: no word"}}
    assert "linear: could not be trained: ValueError: no word" in leyden("report", run).out


def test_a_report_by_the_values_of_a_column(leyden, home: Home, store: Store, run: str, dataset: str):
    explored(home, store, dataset, store.runs.get(run))
    answer = leyden("report", run, "--by", "island", "--json").json["slices"]
    assert answer["column"] == "island"
    whole, *groups = answer["groups"]
    assert whole["group"] == "All rows" and whole["figures"]["accuracy"] == 0.8
    assert {one["group"]: one["rows"] for one in groups} == {"Dream": 30, "Biscoe": 30}
    assert "By island" in (text := leyden("report", run, "--by", "island").out) and "Dream" in text
    for column in ("species", "no such"):
        refused = leyden("report", run, "--by", column)
        require_one_sentence(refused)
        assert f"'{column}'" in refused.err and "bill_mm" in refused.err
    refused = leyden("report", run, "--split", "test", "--by", "no such")
    assert "'no such'" in refused.err and store.jobs.list(kinds=("evaluate",)) == [], "before the test is opened"
    (home.run(run) / "predictions-val.parquet").unlink()
    assert "not in its folder" in leyden("report", run, "--by", "island").err


def test_a_port_that_is_taken_is_told_before_anything_is_started(leyden):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        answer = leyden("serve", "--port", str(port))
    assert answer.code == 2 and answer.out == ""
    assert answer.err.splitlines() == [
        f"leyden: Invalid value: port {port} of 127.0.0.1 is taken; give another one with --port"
    ]


class Piped:
    """What stands at the other end of a pipe into standard input."""

    def __init__(self, content: bytes) -> None:
        self.buffer = io.BytesIO(content)


def test_a_dash_is_standard_input_and_output(leyden, home: Home, store: Store, run: str, monkeypatch):
    def predicted(home: Home) -> bool:
        job = store.queue.claim_next("light", "tests", **CPU)
        if job:
            taken, out = Path(str(job.payload["path"])), Path(str(job.payload["out"]))
            out.write_bytes(b"prediction\r\n" + taken.read_bytes())
            store.jobs.end(job.id, "tests", "finished", result={"rows": 1, "outside": []})
        return False

    (home.run(run) / BEST).parent.mkdir(parents=True, exist_ok=True)
    (home.run(run) / BEST).write_bytes(b"weights")
    monkeypatch.setattr(waiting, "wake_supervisor", predicted)
    monkeypatch.setattr("sys.stdin", Piped("企鹅\r\n".encode()))
    answer = leyden("predict", run, "-", "--out", "-")
    assert (answer.code, answer.out.splitlines()) == (0, ["prediction", "企鹅"])
    assert list(home.predictions.iterdir()) == []
    require_one_sentence(leyden("predict", run, "-", "--out", "-", "--json"))
    assert "stdin" in (told := leyden("predict", "--help").out) and "stdout" in told


def test_a_spec_comes_through_a_pipe(leyden, store: Store, dataset: str, monkeypatch):
    monkeypatch.setattr("sys.stdin", Piped(b'{"seed": 5}'))
    run = leyden("train", "--data", dataset, "--spec", "-", "--no-wait", "--json").json["run"]
    assert store.runs.get(run).spec.seed == 5


def test_a_model_that_was_deleted_is_not_waited_for(leyden, store: Store, run: str, table: Path, tmp_path: Path):
    ends_as("finished", None, store)(Home(tmp_path))
    answer = leyden("predict", run, table, "--out", tmp_path / "out.csv")
    require_one_sentence(answer)
    assert "is gone" in answer.err and "wait" not in answer.err


def test_a_spec_without_a_task_is_told_what_a_task_is(leyden, dataset: str, tmp_path: Path):
    path = tmp_path / "spec.json"
    path.write_text('{"task": null}')
    answer = leyden("train", "--data", dataset, "--spec", path)
    require_one_sentence(answer)
    assert "'task' must be an object with the name of the choice, but is nothing." in answer.err


def test_what_has_begun_or_ended_is_not_moved(leyden, store: Store, run: str):
    job = store.runs.get(run).job.id
    leyden("stop", run)
    answer = leyden("queue", "--move", f"{job}=first")
    require_one_sentence(answer)
    assert f"job {job} is stopped" in answer.err


def test_the_queue_says_how_much_runs_at_once(leyden, store: Store):
    assert "At once: 3 on the processor (--cpu-runs), 2 light" in leyden("queue", "--cpu-runs", "3").out


def test_processes_that_share_the_processor_are_counted(leyden, store: Store, dataset: str, monkeypatch):
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    wanted = ("--set", "hardware.device=cpu", "--set", "hardware.num_devices=2")
    run = leyden("train", "--data", dataset, *wanted, "--no-wait", "--json").json["run"]
    store.queue.claim_next("device", "tests", **CPU)
    assert "device: 2 x cpu" in leyden("show", run).out.splitlines()
    assert "2 x cpu" in leyden("queue").out
    shown = leyden("show", run, "--json").json
    assert (shown["device"], shown["processes"]) == ("cpu", 2)


def test_columns_stand_below_each_other_in_a_terminal():
    assert columns(("name", "n"), [("企鹅", 1), ("ab", 2)]) == ["name  n", "企鹅  1", "ab    2"]
