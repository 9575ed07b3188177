"""What the store hands out: frozen records, one per kind of row."""

import hashlib
import json
from typing import Any, Literal

from pydantic import Field

from leyden.datasets.profile import ColumnKind, Layout, Part
from leyden.jobs.table import JOB_KINDS
from leyden.messages.render import Message
from leyden.records import Record
from leyden.spec.model import Spec

State = Literal["queued", "running", "finished", "failed", "stopped"]
ACTIVE: tuple[State, ...] = ("queued", "running")
ENDED: tuple[State, ...] = ("finished", "failed", "stopped")

STOP_GENTLY = 1
"""Finish the step, save, report on the best checkpoint, end as stopped."""
STOP_NOW = 2
"""Kill the process; what was saved stays."""


class Dataset(Record):
    """A row of the datasets table."""

    id: str
    name: str
    layout: Layout
    num_rows: int
    num_columns: int
    size_bytes: int
    kinds: dict[str, ColumnKind]
    parent_id: str | None
    recipe: dict[str, Any] | None
    created_at: float


class Job(Record):
    """One execution of one piece of work."""

    id: int
    kind: str
    subject: str
    run_id: str | None
    attempt: int
    follows: int | None
    lane: str
    payload: dict[str, Any]
    priority: int
    place: float | None
    num_devices: int
    state: State
    wanted_device: str
    device: str | None
    owner: str | None
    pid: int | None
    created_at: float
    started_at: float | None
    ended_at: float | None
    heartbeat_at: float | None
    stop_request: int
    progress: float | None
    doing: Message | None
    reason: Message | None
    result: dict[str, Any] | None
    start_step: int
    saved_step: int
    stalled: int

    @property
    def trains_run(self) -> bool:
        """Whether it is an attempt at training its run."""
        kind = JOB_KINDS.get(self.kind)
        return kind is not None and kind.trains_run

    @property
    def is_active(self) -> bool:
        """Whether it is queued or running."""
        return self.state in ACTIVE

    @property
    def devices(self) -> tuple[str, ...]:
        """Names of the devices that it was given; several processes on the processor share the one name."""
        return tuple(self.device.split(",")) if self.device else ()


class QueueSettings(Record):
    """How the queue is worked off."""

    is_paused: bool = False
    """No training is started; what runs goes on."""
    cpu_runs: int = Field(1, ge=1, le=32)
    """How many runs train on the processor at once. A GPU always has one."""
    light_jobs: int = Field(2, ge=1, le=32)
    """How many imports, evaluations and predictions run at once."""


class Numbered(Record):
    """What a run is called: several may have one name, and none has another's number."""

    number: int
    """1, 2, 3, ... in the order of submission."""
    name: str

    @property
    def label(self) -> str:
        """A name that no other run has: `penguins · mlp #12`."""
        return f"{self.name} #{self.number}"

    @property
    def choice(self) -> str:
        """The same for lists to choose from, which cut what is long at its end: `#12 penguins · mlp`."""
        return f"#{self.number} {self.name}"


class Run(Numbered):
    """One spec being trained, with its latest training job."""

    id: str
    dataset_id: str
    dataset_name: str
    group_id: int | None
    spec: Spec
    fingerprint: str
    split_hash: str
    task: str
    target: str
    architecture: str
    num_parameters: int | None
    generation: int
    is_starred: bool
    note: str
    tags: tuple[str, ...]
    created_at: float
    job: Job

    @property
    def state(self) -> State:
        """A run's state is that of its latest training job."""
        return self.job.state

    @property
    def sealed(self) -> tuple[str, str]:
        """What names its test rows: dataset and split, or a separate test dataset, whatever the split."""
        test = self.spec.data.test_dataset
        return (self.dataset_id, self.split_hash) if test is None else (test, "")

    @property
    def question(self) -> str:
        """16 hex digits that are equal for runs that learn the same from the same rows: they share their baselines.

        Dataset, inputs as they are read, target, task and split decide it; architecture and training do not.
        """
        return question_of(self.spec, self.split_hash)

    @property
    def epochs(self) -> int:
        """Epochs to train."""
        return self.spec.optimisation.epochs


def question_of(spec: Spec, split_hash: str) -> str:
    """What a spec asks of the rows of a split, as `Run.question`."""
    content = json.dumps([spec.data.model_dump(mode="json"), spec.task.name, split_hash], sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()[:16]


class RunRow(Numbered):
    """One line of the runs table: what a list shows, without the spec."""

    id: str
    dataset_id: str
    dataset_name: str
    task: str
    target: str
    architecture: str
    num_parameters: int | None
    is_starred: bool
    note: str
    tags: tuple[str, ...]
    seed: int
    state: State
    reason: Message | None
    progress: float | None
    headline: str | None
    figures: dict[str, float]
    created_at: float
    ended_at: float | None
    duration_s: float | None
    settings: dict[str, Any] = {}
    """Values of the settings that were asked for, by dotted name; None where a run has no such setting."""


class RunFacets(Record):
    """What runs can be filtered by: each value that occurs, with its number of runs."""

    datasets: dict[str, int]
    architectures: dict[str, int]
    tasks: dict[str, int]
    tags: dict[str, int]


class Point(Record):
    """One value of one metric."""

    name: str
    step: int
    epoch: float
    value: float
    time: float


class StoredReport(Record):
    """The figures of a report; its sections lie in the run's folder."""

    run_id: str
    part: Part
    headline: str
    figures: dict[str, float]
    num_rows: int
    created_at: float


class StoredBaseline(Record):
    """What scikit-learn reaches where a run's network was trained; its card stands in the catalogue."""

    key: str
    part: Part
    name: str
    headline: str
    figures: dict[str, float]
    intervals: dict[str, tuple[float, float]] = {}
    """The ends of the 95 % interval of each figure that has one; none of a baseline that an older version judged."""
    num_rows: int
    """Training rows that it learned from; fewer than `of_rows` where all of them would have taken too long."""
    of_rows: int
    duration_s: float


class ModelRow(Numbered):
    """A model as a list shows it, with what its run says of it."""

    id: str
    run_id: str
    dataset_id: str
    dataset_name: str
    task: str
    target: str
    architecture: str
    is_starred: bool
    headline: str | None
    figures: dict[str, float]
    created_at: float


class StoredModel(Record):
    """Something that predicts, and its files."""

    id: str
    kind: str
    run_id: str | None
    parents: list[str]
    files: dict[str, dict[str, Any]]
    created_at: float
