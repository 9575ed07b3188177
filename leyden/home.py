"""Where everything lies on disk: the one place that knows the names of a workspace's folders."""

import os
from dataclasses import dataclass
from pathlib import Path

from leyden.errors import StoreError

PROJECT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Home:
    """A workspace folder. Paths only; `create` makes the folders."""

    root: Path

    @property
    def database(self) -> Path:
        """The SQLite file of the store."""
        return self.root / "leyden.db"

    @property
    def supervisor_lock(self) -> Path:
        """Held by the one supervisor of this workspace for as long as it lives."""
        return self.root / "supervisor.lock"

    @property
    def supervisor_log(self) -> Path:
        """What the supervisor and its waiting children print."""
        return self.root / "supervisor.log"

    @property
    def session_secret(self) -> Path:
        """The random secret that browser sessions prove to know."""
        return self.root / "session.secret"

    @property
    def service_lock(self) -> Path:
        """Held by the one prediction service of this workspace for as long as it lives."""
        return self.root / "service.lock"

    @property
    def service_start_lock(self) -> Path:
        """Held by the one who starts the prediction service, until it listens."""
        return self.root / "locks" / "service-start.lock"

    @property
    def service_address(self) -> Path:
        """Where the prediction service listens, written once it does."""
        return self.root / "service.json"

    @property
    def service_log(self) -> Path:
        """What the prediction service prints."""
        return self.root / "service.log"

    @property
    def api_token(self) -> Path:
        """The random token that programs prove to know."""
        return self.root / "api.token"

    @property
    def predictions(self) -> Path:
        """Files brought for prediction and the answers to them, each pair in a folder of its own."""
        return self.root / "predictions"

    @property
    def uploads(self) -> Path:
        """Files on their way in, each in a folder of its own."""
        return self.root / "uploads"

    @property
    def cache(self) -> Path:
        """What can be made again: decoded images, thumbnails, measurements."""
        return self.root / "cache"

    @property
    def splits(self) -> Path:
        """Split artefacts, `<hash>.parquet`."""
        return self.root / "splits"

    @property
    def media(self) -> Path:
        """Images, each once, under the SHA-256 of its bytes."""
        return self.root / "media"

    def media_file(self, sha256: str) -> Path:
        """The file of one image; two letters of fan-out keep folders small."""
        return self.media / sha256[:2] / sha256

    def dataset(self, dataset_id: str) -> Path:
        """Folder of one dataset: `table.parquet`, `profile.json`, `source/`."""
        return self.root / "datasets" / dataset_id

    def baseline_answers(self, dataset_id: str, question: str, part: str, name: str) -> Path:
        """What one baseline answered on the rows of a part: the target and `prediction`, keyed by row id."""
        return self.dataset(dataset_id) / "baselines" / f"{question}-{part}-{name}.parquet"

    def run(self, run_id: str) -> Path:
        """Folder of one run: spec, log, checkpoints, reports, predictions, downloads."""
        return self.root / "runs" / run_id

    def job_log(self, job_id: int) -> Path:
        """Log of a job that is not a training attempt (those log into their run's folder)."""
        return self.root / "logs" / f"job-{job_id}.log"

    def job_lock(self, job_id: int) -> Path:
        """Held by the process that runs a job for as long as it lives."""
        return self.root / "locks" / f"job-{job_id}.lock"

    def rank_lock(self, job_id: int, rank: int) -> Path:
        """Held by the process of this rank (from 1 on) that helps with a job, for as long as it lives."""
        return self.root / "locks" / f"job-{job_id}.rank-{rank}.lock"

    def rank_outcome(self, job_id: int, rank: int) -> Path:
        """How the process of this rank ended: empty when it did its part, else the reason of its failure."""
        return self.root / "locks" / f"job-{job_id}.rank-{rank}.json"

    def meeting_point(self, job_id: int) -> Path:
        """Where the processes of a job find each other."""
        return self.root / "locks" / f"job-{job_id}.meeting"

    def run_lock(self, run_id: str) -> Path:
        """Held by the one process that may write into a run's folder."""
        return self.run(run_id) / "owner.lock"

    def split(self, split_hash: str) -> Path:
        """File of one split artefact."""
        return self.splits / f"{split_hash}.parquet"

    def create(self) -> "Home":
        """Makes the folders that are missing.

        Raises:
            StoreError: They cannot be made there.
        """
        try:
            self._make_folders()
        except OSError as error:
            raise StoreError("home_unusable", path=str(self.root), detail=error.strerror or str(error)) from error
        return self

    def _make_folders(self) -> None:
        folders = ("datasets", "media", "splits", "runs", "cache", "uploads", "predictions", "logs", "locks")
        for name in folders:
            (self.root / name).mkdir(parents=True, exist_ok=True)


def find_home() -> Home:
    """The workspace of this process: `LEYDEN_HOME`, or `workspace/` in the project's folder."""
    root = os.environ.get("LEYDEN_HOME")
    return Home(Path(root).expanduser().resolve() if root else PROJECT / "workspace").create()
