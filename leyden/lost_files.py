"""Which files of a run are gone: the store knows that they were written, and they are not on disk any more."""

from leyden.datasets.profile import PARTS
from leyden.home import Home
from leyden.run_folder import BEST, LAST, can_go_on, report_file
from leyden.store.records import Run
from leyden.store.store import Store


def lost_files(home: Home, store: Store, run: Run) -> tuple[str, ...]:
    """Names of the files that an ended run is known to have written and that its folder does not hold: its checkpoint
    and its reports. Empty while it is at work, for then it writes them."""
    if run.job.is_active:
        return ()
    folder = home.run(run.id)
    return tuple(
        name
        for name in _written(store, run)
        if not (can_go_on(folder) if name == LAST else (folder / name).is_file())
    )


def _written(store: Store, run: Run) -> list[str]:
    names = []
    if store.models.get(run.id) is not None:
        names.append(BEST)
    elif run.job.saved_step > 0:
        # It was ended before the best one was recorded as its model.
        names.append(LAST)
    return names + [report_file(part) for part in PARTS if store.reports.get(run.id, part) is not None]
