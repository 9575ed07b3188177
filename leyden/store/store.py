"""The store: one object that pages, supervisor and children open on the workspace's database.

Each area of the schema has its own class; all share the engine. Only this package speaks SQL.
"""

from pathlib import Path

from leyden.home import Home
from leyden.store.baselines import Baselines
from leyden.store.connection import connect
from leyden.store.datasets import Datasets
from leyden.store.jobs import Jobs
from leyden.store.metrics import Metrics
from leyden.store.models import Models
from leyden.store.queue import Queue
from leyden.store.reports import Reports
from leyden.store.runs import Runs
from leyden.store.settings import Settings


class Store:
    """Datasets, runs, jobs, queue, metrics, reports, models, settings and baselines of one workspace.

    Safe to use from several threads and processes at once. Every method is one transaction.
    """

    def __init__(self, database: Path) -> None:
        self.engine = connect(database)
        self.datasets = Datasets(self.engine)
        self.runs = Runs(self.engine)
        self.jobs = Jobs(self.engine)
        self.queue = Queue(self.engine)
        self.metrics = Metrics(self.engine)
        self.reports = Reports(self.engine)
        self.models = Models(self.engine)
        self.settings = Settings(self.engine)
        self.baselines = Baselines(self.engine)

    def has_work(self) -> bool:
        """Whether there is something for a supervisor to do: what a paused queue holds back is not."""
        is_paused = self.settings.queue().is_paused
        active = self.jobs.list(limit=None)
        return any(job.state == "running" or job.lane != "device" or not is_paused for job in active)

    def close(self) -> None:
        """Closes the connections."""
        self.engine.dispose()

    def free_space(self) -> None:
        """Gives the pages of deleted rows back to the disk."""
        connection = self.engine.raw_connection()
        try:
            # Each step frees one page and yields a row without columns: only a script steps to the end.
            connection.cursor().executescript("PRAGMA incremental_vacuum")
        finally:
            connection.close()


def open_store(home: Home) -> Store:
    """The store of a workspace, made or migrated where necessary."""
    home.root.mkdir(parents=True, exist_ok=True)
    return Store(home.database)
