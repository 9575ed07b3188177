import os

import pytest
import torch
from pytest import CaptureFixture

from leyden.errors import RunError
from leyden.store.store import Store
from lightning_modules.devices import device_of, gpus_hidden, resolve


def test_the_cpu_is_always_there():
    device = resolve("cpu")
    assert device.torch == torch.device("cpu") and device.accelerator == "cpu" and device.title == "CPU"


def test_auto_takes_what_torch_can_use():
    assert torch.ones(1, device=resolve("auto").torch).item() == 1
    assert resolve(None) == resolve("auto")


def test_a_device_that_is_not_there_is_named():
    with pytest.raises(RunError, match=r"'cuda:99'.*choose another device"):
        resolve("cuda:99")


def claimed_gpu(store: Store, wanted: str):
    store.jobs.add("train", lane="device", subject="r1", payload={}, wanted_device=wanted)
    return store.queue.claim_next("device", "s", free=("cuda:1",), free_for_auto=("cuda:1",))


@pytest.mark.parametrize("num_seen", [0, 1])
def test_a_gpu_that_torch_cannot_use_costs_only_those_who_chose_it(
    store: Store, capsys: CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, num_seen: int
):
    # The driver may show a GPU that fails when it is first used, as it does here.
    monkeypatch.setattr("torch.cuda.device_count", lambda: num_seen)
    assert device_of(claimed_gpu(store, "auto")) == resolve("cpu")
    assert "'cuda:1'" in (said := capsys.readouterr().out) and "Going on with the CPU" in said
    with pytest.raises(RunError, match="'cuda:1'"):
        device_of(claimed_gpu(store, "cuda:1"))


def test_gpus_are_hidden_for_a_while(monkeypatch):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "3")
    with gpus_hidden(resolve("cpu")):
        assert os.environ["CUDA_VISIBLE_DEVICES"] == ""
    assert os.environ["CUDA_VISIBLE_DEVICES"] == "3"
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES")
    with pytest.raises(KeyError), gpus_hidden(resolve("cpu")):
        raise KeyError
    assert "CUDA_VISIBLE_DEVICES" not in os.environ
