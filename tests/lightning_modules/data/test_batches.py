import pytest
import torch

from leyden.spec.model import Optimisation
from lightning_modules.data.batches import (
    EvaluationBatches,
    Pace,
    Position,
    Rows,
    TrainBatches,
    epoch_seed,
)
from lightning_modules.data.plan import plan_epoch
from lightning_modules.data.stored import Stored

NUM_ROWS = 70


def rows():
    numbers = torch.arange(NUM_ROWS, dtype=torch.float32)[:, None]
    return Rows({"tabular": {"numbers": Stored(numbers)}}, torch.arange(NUM_ROWS))


def batches(position=None, pace=None, seed=0):
    plan = plan_epoch(NUM_ROWS, Optimisation(batch_size=8), 4)
    return TrainBatches(rows(), plan, seed, 2, position or Position(), pace or Pace())


def flat(chunks):
    """(rows, random numbers) of each micro-batch."""
    return [
        (batch.target.tolist(), batch.random.tolist())
        for chunk in chunks
        for _, batch in chunk
        if (batch.inputs["tabular"]["numbers"][:, 0] == batch.target).all()
    ]


def test_an_epoch_has_every_row_once():
    seen = [row for target, _ in flat(batches()) for row in target]
    assert sorted(seen) == list(range(NUM_ROWS)) and seen != sorted(seen)


def test_seed_and_epoch_decide_the_order():
    assert flat(batches()) == flat(batches())
    assert flat(batches()) != flat(batches(seed=1))
    assert flat(batches()) != flat(batches(Position(epoch=1)))
    assert len({epoch_seed(seed, epoch) for seed in range(20) for epoch in range(20)}) == 400


@pytest.mark.parametrize("size", [2, 3, 100])
def test_chunk_size_changes_nothing(size):
    assert flat(batches(pace=Pace(size))) == flat(batches())


@pytest.mark.parametrize("step", range(9))
def test_it_starts_where_training_is(step):
    assert flat(batches(Position(step_in_epoch=step), Pace(2))) == flat(batches())[step:]


def test_pace_grows_while_chunks_are_quick_and_shrinks_when_they_are_slow():
    pace = Pace()
    for _ in range(20):
        pace.note(0.001)
    assert pace.num_micro_batches == 128
    for _ in range(20):
        pace.note(1.0)
    assert pace.num_micro_batches == 1


def test_evaluation_has_all_rows_in_order():
    found = EvaluationBatches(rows(), 32)
    assert [len(batch.target) for batch in found] == [32, 32, 6] and len(found) == 3
    assert torch.cat([batch.target for batch in found]).tolist() == list(range(NUM_ROWS))


def test_stored_rows_through_positions():
    stored = Stored(torch.arange(10)[:, None], torch.tensor([7, 3, 5]))
    assert len(stored) == 3
    assert stored.take(torch.tensor([2, 0])).tolist() == [[5], [7]]
