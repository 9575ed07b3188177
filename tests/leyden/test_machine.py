import pytest

from leyden.errors import SpecError
from leyden.machine import require_devices
from leyden.spec.model import Hardware


@pytest.mark.parametrize(
    ("accelerators", "device", "is_auto_better"),
    [
        ((), "auto", False),
        ((), "cpu", False),
        (("cuda:0", "cuda:1"), "auto", False),
        (("cuda:0", "cuda:1"), "cuda:0", True),
    ],
)
def test_too_many_processes_are_refused_with_advice_that_helps(monkeypatch, accelerators, device, is_auto_better):
    monkeypatch.setattr("leyden.machine.accelerators", lambda: accelerators)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    with pytest.raises(SpecError) as refused:
        require_devices(Hardware(device=device, num_devices=7))
    text = refused.value.message.text
    assert f"asks for 7 parallel processes, but on '{device}' this machine can give at most" in text
    assert ("or device 'auto'" in text) is is_auto_better
