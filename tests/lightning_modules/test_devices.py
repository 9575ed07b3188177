import os

import pytest
import torch

from leyden.errors import RunError
from lightning_modules.devices import gpus_hidden, resolve


def test_the_cpu_is_always_there():
    device = resolve("cpu")
    assert device.torch == torch.device("cpu") and device.accelerator == "cpu" and device.title == "CPU"


def test_auto_takes_what_torch_can_use():
    assert torch.ones(1, device=resolve("auto").torch).item() == 1
    assert resolve(None) == resolve("auto")


def test_a_device_that_is_not_there_is_named():
    with pytest.raises(RunError, match=r"'cuda:99'.*choose another device"):
        resolve("cuda:99")


def test_gpus_are_hidden_for_a_while(monkeypatch):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "3")
    with gpus_hidden(resolve("cpu")):
        assert os.environ["CUDA_VISIBLE_DEVICES"] == ""
    assert os.environ["CUDA_VISIBLE_DEVICES"] == "3"
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES")
    with pytest.raises(KeyError), gpus_hidden(resolve("cpu")):
        raise KeyError
    assert "CUDA_VISIBLE_DEVICES" not in os.environ
