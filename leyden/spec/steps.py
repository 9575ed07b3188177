"""How many rows each step of an epoch has: arithmetic that the form shows and training follows."""

from leyden.spec.model import Optimisation


def step_bounds(num_rows: int, optimisation: Optimisation) -> list[int]:
    """Where the steps of an epoch begin in its order of rows, and where the last one ends."""
    batch = optimisation.batch_size
    return portion_bounds(0, num_rows, num_rows if batch == "all" else batch * optimisation.accumulate)


def portion_bounds(start: int, stop: int, size: int) -> list[int]:
    """Bounds of portions of `size`; a single row left over joins the portion before it.

    Alone it would have no variance, which batch normalisation refuses, and the noisiest gradient of all.
    """
    bounds = [*range(start, stop, max(1, size)), stop]
    if size > 1 and len(bounds) > 2 and bounds[-1] - bounds[-2] == 1:
        del bounds[-2]
    return bounds
