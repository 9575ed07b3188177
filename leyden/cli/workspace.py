"""What every command works on: the workspace of this process, and how arguments name things in it."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from leyden import actions
from leyden.catalogue import Catalogue
from leyden.cli.waiting import result_of, wait_for_job
from leyden.datasets.profile import ColumnKind, Profile, ReadOptions
from leyden.errors import DataError, StoreError
from leyden.home import Home, find_home
from leyden.store.records import Dataset, Run
from leyden.store.store import Store, open_store


@dataclass
class Workspace:
    """A workspace with its store and the catalogue."""

    home: Home
    store: Store

    @cached_property
    def catalogue(self) -> Catalogue:
        """Everything that can be chosen."""
        from lightning_modules.catalog import catalogue

        return catalogue()

    def profile(self, dataset_id: str) -> Profile:
        """A dataset's profile, with the kinds that a person chose."""
        return actions.profile_of(self.home, self.store, dataset_id)

    def dataset(self, id_or_path: str) -> Dataset:
        """The dataset of this id, or the one that this file or folder becomes when it is imported.

        Raises:
            DataError: It is neither, or cannot be read.
        """
        try:
            return self.store.datasets.get(id_or_path)
        except StoreError:
            if not Path(id_or_path).expanduser().exists():
                raise DataError("neither_dataset_nor_path", found=id_or_path) from None
        return self.ingest(Path(id_or_path))

    def run(self, word: str) -> Run:
        """The run of this id, number or beginning of an id.

        Raises:
            StoreError: There is none, or ids of several begin so.
        """
        return self.store.runs.named(word)

    def ingest(
        self,
        path: Path,
        *,
        name: str | None = None,
        options: ReadOptions | None = None,
        kinds: dict[str, ColumnKind] | None = None,
    ) -> Dataset:
        """Imports a file or folder and waits for it.

        Raises:
            DataError: It cannot be read.
            JobFailed: The import failed for another reason, or was stopped.
        """
        job = actions.import_path(self.home, self.store, path, name=name, options=options, kinds=kinds)
        result = result_of(wait_for_job(self.home, self.store, job))
        return self.store.datasets.get(result["dataset"])


def open_workspace() -> Workspace:
    """The workspace of this process."""
    home = find_home()
    return Workspace(home, open_store(home))
