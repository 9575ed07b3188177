import pytest
import torch

from leyden.spec.model import Optimisation
from lightning_modules.data.batches import (
    EvaluationBatches,
    Pace,
    Position,
    Rows,
    TrainBatches,
    bucketed,
    epoch_seed,
    evaluation_order,
)
from lightning_modules.data.plan import plan_epoch
from lightning_modules.data.stored import Sequences, Stored

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


def texts(lengths):
    """Rows of these lengths, each made of its own number."""
    values = torch.repeat_interleave(torch.arange(1, len(lengths) + 1), lengths).int()
    return Sequences(values, torch.cat([torch.zeros(1, dtype=torch.int64), lengths.cumsum(0)]))


def test_sequences_are_padded_to_the_longest_that_is_taken():
    stored = texts(torch.tensor([2, 4, 1]))
    assert len(stored) == 3 and stored.row_bytes == 4 * 4 * 128
    assert stored.take(torch.tensor([2, 0])).tolist() == [[3, 0], [1, 1]]
    assert stored.take(torch.tensor([1])).tolist() == [[2, 2, 2, 2]]
    assert stored.take(torch.tensor([], dtype=torch.int64)).shape == (0, 0)


def test_taking_rows_does_not_look_at_all_of_them(monkeypatch):
    stored = texts(torch.tensor([2, 4, 1]))
    assert stored.row_bytes == 4 * 4 * 128
    monkeypatch.setattr(Sequences, "lengths", property(lambda self: pytest.fail("all lengths were computed")))
    assert stored.take(torch.tensor([2, 0])).tolist() == [[3, 0], [1, 1]]
    assert stored.row_bytes == 4 * 4 * 128, "the longest row is looked for once"


LENGTHS = torch.randint(1, 100, (5000,), generator=torch.Generator().manual_seed(1))


def order_of(plan, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return bucketed(torch.randperm(len(LENGTHS), generator=generator), LENGTHS, plan, generator)


@pytest.mark.parametrize(
    "options", [{"batch_size": 32}, {"batch_size": 33, "accumulate": 3}, {"batch_size": "all"}, {"batch_size": 1}]
)
def test_buckets_hold_every_row_once(options):
    plan = plan_epoch(len(LENGTHS), Optimisation(**options), 100_000)
    assert order_of(plan).sort().values.tolist() == list(range(len(LENGTHS)))
    assert torch.equal(order_of(plan), order_of(plan))
    assert not torch.equal(order_of(plan), order_of(plan, seed=1))


def test_rows_of_a_micro_batch_are_about_equally_long():
    plan = plan_epoch(len(LENGTHS), Optimisation(batch_size=32), 4)
    by_length = [LENGTHS[order_of(plan)[micro.start : micro.stop]] for micro in plan.micro_batches]
    padded = sum(len(lengths) * int(lengths.max()) for lengths in by_length)
    assert padded < 1.05 * int(LENGTHS.sum())
    means = torch.stack([lengths.float().mean() for lengths in by_length])
    assert (means[1:] > means[:-1]).float().mean() == pytest.approx(0.5, abs=0.15), (
        "short ones must not come first"
    )


def test_evaluation_goes_by_length_where_there_is_one():
    inputs = {"text": {"tokens": texts(torch.tensor([3, 1, 2]))}}
    assert evaluation_order(inputs, 3).tolist() == [1, 2, 0]
    found = EvaluationBatches(Rows(inputs, torch.arange(3)), 2)
    assert [batch.target.tolist() for batch in found] == [[1, 2], [0]]
    assert [batch.inputs["text"]["tokens"].tolist() for batch in found] == [[[2, 0], [3, 3]], [[1, 1, 1]]]


@pytest.mark.parametrize("step", [0, 3, 8])
def test_texts_go_on_where_training_is(step):
    lengths = LENGTHS[:NUM_ROWS]
    plan = plan_epoch(NUM_ROWS, Optimisation(batch_size=8), 4)

    def targets(position, pace):
        stored = Rows({"text": {"tokens": texts(lengths)}}, torch.arange(NUM_ROWS))
        chunks = TrainBatches(stored, plan, 0, 0, position, pace)
        return [batch.target.tolist() for chunk in chunks for _, batch in chunk]

    assert targets(Position(step_in_epoch=step), Pace(3)) == targets(Position(), Pace())[step:]
