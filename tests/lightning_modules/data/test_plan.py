import pytest

from leyden.spec.model import Optimisation
from lightning_modules.data.plan import plan_epoch


def plan(num_rows, row_bytes=4, **options):
    return plan_epoch(num_rows, Optimisation(**options), row_bytes)


@pytest.mark.parametrize("num_rows", [1, 2, 3, 31, 32, 33, 64, 65, 97, 1000])
@pytest.mark.parametrize("batch_size", [1, 2, 32, "all"])
@pytest.mark.parametrize("accumulate", [1, 3])
def test_every_row_is_in_one_micro_batch_and_shares_add_up(num_rows, batch_size, accumulate):
    found = plan(num_rows, batch_size=batch_size, accumulate=accumulate)
    rows = [row for micro in found.micro_batches for row in range(micro.start, micro.stop)]
    assert rows == list(range(num_rows))
    assert sum(micro.share for micro in found.micro_batches) == pytest.approx(found.num_steps)
    assert sum(micro.ends_step for micro in found.micro_batches) == found.num_steps
    assert found.micro_batches[-1].ends_step


@pytest.mark.parametrize("num_rows", [33, 65, 97])
def test_no_micro_batch_has_a_single_row(num_rows):
    for options in ({"batch_size": 32}, {"batch_size": 32, "accumulate": 2}, {"batch_size": 8, "accumulate": 4}):
        sizes = [micro.stop - micro.start for micro in plan(num_rows, **options).micro_batches]
        assert min(sizes) > 1, options


def test_a_batch_size_of_1_is_kept():
    assert plan(5, batch_size=1).num_steps == 5


def test_all_rows_make_one_step_in_portions_that_fit():
    found = plan(100_000, row_bytes=4 * 3 * 224 * 224, batch_size="all")
    assert found.num_steps == 1 and len(found.micro_batches) > 100
    assert plan(10_000, row_bytes=4 * 10, batch_size="all").num_steps == 1
    assert len(plan(10_000, row_bytes=4 * 10, batch_size="all").micro_batches) == 1
