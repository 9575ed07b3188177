import pytest
import pytorch_lightning as pl
import torch

from leyden.errors import RunError
from leyden.spec.model import Choice, Data, Optimisation, Spec
from lightning_modules.data.batches import Pace, Position, Rows, TrainBatches
from lightning_modules.data.data_module import SupervisedData
from lightning_modules.data.fitted import Fitted
from lightning_modules.data.preparation import Preparation
from lightning_modules.data.prepared import Prepared
from lightning_modules.tasks.build import fit_task
from lightning_modules.training.module import SupervisedModule
from lightning_modules.training.network import build_network
from lightning_modules.training.train_step import TrainStep
from tests.lightning_modules.workspace import flowers, prices

KINDS = {"length": "number", "width": "number", "colour": "category"}


def make_spec(seed=0, width=16, dropout=0.0, loss=None, **optimisation):
    return Spec(
        data=Data(dataset="d1", target="kind", inputs=KINDS),
        task=Choice(name="classification"),
        loss=Choice(name="cross_entropy", options=loss or {}),
        architecture={"tabular": Choice(name="mlp", options={"width": width, "dropout": dropout})},
        optimisation=Optimisation(**{"epochs": 3, "batch_size": 16, "lr": 1e-2, **optimisation}),
        seed=seed,
    )


def train(spec, num_rows=100, pace=None):
    """Trains through Lightning, without a store; returns the trained module."""
    torch.manual_seed(spec.seed)
    frame = flowers(num_rows)
    fitted = Fitted(Preparation.fit(frame, KINDS, spec.preparation), fit_task(spec.task, frame["kind"]))
    rows = Rows(fitted.preparation.transform(frame), torch.tensor(fitted.task.encode(frame["kind"])))
    position = Position()
    data = SupervisedData(Prepared(rows, rows, fitted), spec, position)
    if pace is not None:
        batches = data.train_batches
        data.train_batches = TrainBatches(rows, data.plan, spec.seed, batches.num_random, position, pace=pace)
    network = build_network(spec, fitted.preparation.inputs, fitted.task.num_outputs)
    module = SupervisedModule(
        network,
        fitted,
        spec,
        num_steps=data.plan.num_steps,
        num_epochs=spec.optimisation.epochs,
        num_rows=len(rows),
        position=position,
        pace=data.train_batches.pace,
    )
    trainer = pl.Trainer(
        accelerator="cpu",
        max_epochs=spec.optimisation.epochs,
        logger=False,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
        num_sanity_val_steps=0,
    )
    trainer.fit(module, datamodule=data)
    return module


class FixedPace(Pace):
    def note(self, seconds):
        pass


def weights(module):
    return torch.cat([parameter.detach().flatten() for parameter in module.network.parameters()])


pytestmark = pytest.mark.filterwarnings(
    "ignore::lightning_fabric.utilities.warnings.PossibleUserWarning", "ignore:.*LeafSpec.*"
)


def test_it_overfits_a_tiny_table():
    module = train(make_spec(epochs=80, warmup=0), num_rows=40)
    assert module.val_figures["val/accuracy"] == 1.0 and module.val_figures["val/loss"] < 0.05


def test_equal_seeds_repeat_a_run_and_others_do_not():
    assert torch.equal(weights(train(make_spec(dropout=0.5))), weights(train(make_spec(dropout=0.5))))
    assert not torch.equal(weights(train(make_spec(dropout=0.5))), weights(train(make_spec(seed=1, dropout=0.5))))


def test_chunks_of_1_and_16_end_in_the_same_weights():
    one = train(make_spec(batch_size=4, dropout=0.5), pace=FixedPace(1))
    many = train(make_spec(batch_size=4, dropout=0.5), pace=FixedPace(16))
    assert torch.equal(weights(one), weights(many))
    assert one.position == many.position == Position(epoch=3, step_in_epoch=0, step=75)


@pytest.mark.parametrize("loss", [{}, {"class_weights": "balanced", "label_smoothing": 0.1}])
def test_accumulated_batches_make_the_step_of_a_larger_one(loss):
    parts = train(make_spec(batch_size=8, accumulate=4, loss=loss))
    whole = train(make_spec(batch_size=32, loss=loss))
    assert parts.position.step == whole.position.step == 12
    torch.testing.assert_close(weights(parts), weights(whole), atol=1e-5, rtol=1e-4)


def test_all_rows_are_one_batch_however_they_are_divided(monkeypatch):
    whole = train(make_spec(batch_size="all"))
    assert whole.position.step == 3
    monkeypatch.setattr("lightning_modules.data.plan.MICRO_BYTES", 1)
    parts = train(make_spec(batch_size="all"))
    assert parts.position.step == 3
    torch.testing.assert_close(weights(parts), weights(whole), atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(weights(train(make_spec(batch_size=100))), weights(whole), atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("num_rows", [33, 17])
def test_a_single_row_left_over_does_not_break_batch_normalisation(num_rows):
    spec = make_spec(batch_size=16)
    options = {"width": 16, "batch_norm": True}
    spec = spec.model_copy(update={"architecture": {"tabular": Choice(name="mlp", options=options)}})
    assert torch.isfinite(weights(train(spec, num_rows))).all()


def test_l1_and_weight_decay_make_weights_smaller():
    def size(**options):
        module = train(make_spec(epochs=20, **options))
        return sum(p.detach().abs().sum() for p in module.network.parameters() if p.ndim > 1)

    plain = size(weight_decay=0)
    assert size(weight_decay=0, l1=0.01) < 0.8 * plain
    assert size(weight_decay=1.0) < 0.95 * plain


def step_once(optimisation, scale=1.0):
    """Length of the move that one step of plain gradient descent makes."""
    torch.manual_seed(0)
    network = torch.nn.Linear(4, 2)
    before = torch.cat([p.detach().clone().flatten() for p in network.parameters()])
    step = TrainStep(network, torch.nn.functional.cross_entropy, optimisation, 10)
    loss, logits = step(100 * torch.randn(8, 4), torch.zeros(8, dtype=torch.int64), share=1, ends_step=True)
    assert loss.ndim == 0 and logits.shape == (8, 2) and not logits.requires_grad
    after = torch.cat([p.detach().flatten() for p in network.parameters()])
    return float((after - before).norm())


def test_clipping_bounds_the_gradient():
    plain = {"optimiser": Choice(name="sgd", options={"momentum": 0.0}), "lr": 1.0, "warmup": 0}
    plain |= {"schedule": Choice(name="constant"), "weight_decay": 0}
    assert step_once(Optimisation(**plain, clip_norm=0.5)) == pytest.approx(0.5, rel=1e-3)
    assert step_once(Optimisation(**plain, clip_norm=0)) > 5


def test_bf16_trains_and_16_bit_wants_a_gpu():
    assert train(make_spec(epochs=30, precision="bf16"), num_rows=40).val_figures["val/accuracy"] > 0.9
    with pytest.raises(RunError, match="must run on a GPU"):
        train(make_spec(precision="16"))


def test_the_schedule_ends_with_the_run():
    module = train(make_spec(schedule=Choice(name="cosine"), warmup=0.1))
    assert module.train_step.schedule.lr == pytest.approx(0, abs=1e-9)


def test_regression_learns_large_targets_in_their_own_units():
    frame = prices()
    spec = make_spec(epochs=60)
    kinds = {"area": "number", "age": "number"}
    task = fit_task(Choice(name="regression"), frame["price"])
    fitted = Fitted(Preparation.fit(frame, kinds, spec.preparation), task)
    encoded = task.encode(frame["price"])
    assert abs(encoded.mean()) < 1e-3 and encoded.std() == pytest.approx(1, rel=1e-3)
    network = build_network(spec, fitted.preparation.inputs, 1)
    stored = fitted.preparation.transform(frame)
    inputs = {"tabular": {name: tensor.tensor for name, tensor in stored["tabular"].items()}}
    step = TrainStep(network, torch.nn.functional.mse_loss, spec.optimisation, 300)
    target = torch.tensor(encoded)[:, None]
    for _ in range(300):
        step(inputs, target, share=1, ends_step=True)
    values = task.activate(network.eval()(inputs)).detach().numpy()
    assert abs(values - frame["price"]).mean() < 20_000
