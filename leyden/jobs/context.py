"""What a job's function is given: the workspace, the store, its job, and two ways to talk to people."""

import threading

from leyden.errors import StoreError
from leyden.home import Home
from leyden.jobs.crew import Crew
from leyden.messages.render import Message, Param
from leyden.store.records import Job
from leyden.store.store import Store

BEAT_EVERY_S = 2.0
LOOK_EVERY_S = 0.25


class JobStopped(Exception):
    """Raised by a job's function when it ended early because a person asked for it.

    Args:
        result: What it has to show nevertheless.
    """

    def __init__(self, result: dict[str, object] | None = None) -> None:
        super().__init__("stopped on request")
        self.result = result


class JobContext:
    """A running job as its function sees it. One background thread keeps it in touch with the store."""

    def __init__(self, home: Home, store: Store, job: Job, owner: str, crew: Crew | None = None) -> None:
        self.home = home
        self.store = store
        self.job = job
        self.owner = owner
        self.crew = crew
        """The processes that do this job together; None where it is one alone."""
        self.is_superseded = threading.Event()
        self._stop = threading.Event()
        self._closing = threading.Event()
        self._progress: float | None = job.progress
        self._doing: Message | None = None
        self._told: tuple[float | None, Message | None] = (None, None)
        self._thread = threading.Thread(target=self._keep_in_touch, daemon=True, name="job-heartbeat")

    @property
    def rank(self) -> int:
        """This process's rank in its crew. Only rank 0 writes."""
        return self.crew.rank if self.crew else 0

    def is_stop_requested(self) -> bool:
        """Whether a person asked this job to stop. Costs nothing; look as often as you like."""
        return self._stop.is_set()

    def progress(self, fraction: float | None, code: str, **params: Param) -> None:
        """Says how far the job is and what it is doing; cheap, written to the store now and then.

        Args:
            fraction: 0 to 1, or None when unknown.
            code: A sentence of `leyden.messages.progress`.
            params: Values for its placeholders.
        """
        self._progress = fraction
        self._doing = Message(code=code, params=params)

    def start(self) -> None:
        """Starts the heartbeat."""
        self._thread.start()

    def close(self) -> None:
        """Ends the heartbeat."""
        self._closing.set()
        self._thread.join()

    def _keep_in_touch(self) -> None:
        waited = BEAT_EVERY_S
        while not self._closing.wait(LOOK_EVERY_S):
            waited += LOOK_EVERY_S
            try:
                if self.store.jobs.stop_request(self.job.id):
                    self._stop.set()
                current = (self._progress, self._doing)
                if waited >= BEAT_EVERY_S or (current != self._told and waited >= 0.5):
                    self.store.jobs.beat(self.job.id, self.owner, *current)
                    self._told, waited = current, 0.0
            except StoreError as error:
                # An unreadable store is waited for; a lost job is not: someone else owns it now.
                if error.message.code == "superseded":
                    self.is_superseded.set()
                    self._stop.set()
                    return
