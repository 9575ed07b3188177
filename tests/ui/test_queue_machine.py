from leyden.home import Home
from leyden.machine import Gpu, machine
from leyden.machine_history import MachineHistory, Sample
from ui.queue_machine import machine_panels

GPU = Gpu(device="cuda:0", name="RTX", memory_total=24 * 10**9, memory_free=8 * 10**9, percent=50)


def sample(at: float) -> Sample:
    return Sample(at, 25.0, 4 * 10**9, (40.0,), (16 * 10**9,))


def test_each_gpu_gets_its_use_and_its_memory(home: Home):
    now = machine(home).model_copy(update={"gpus": (GPU,)})
    panels = machine_panels([sample(60.0), sample(120.0)], now, now=120.0)
    assert [panel.id for panel in panels] == ["processor", "memory", "cuda:0", "cuda:0-memory"]
    assert panels[0].lines[0].x == [-1.0, 0.0]
    assert (panels[2].lines[0].y, panels[2].top) == ([40.0, 40.0], 100)
    assert (panels[3].lines[0].y, panels[3].top) == ([16.0, 16.0], 24.0)
    assert panels[3].lines[0].newest.replace("\u00a0", " ") == "16 GB"


def test_a_driver_that_did_not_answer_leaves_a_zero(home: Home):
    now = machine(home).model_copy(update={"gpus": (GPU,)})
    silent = Sample(60.0, 25.0, 4 * 10**9, (), ())
    assert machine_panels([silent], now, now=60.0)[2].lines[0].y == [0.0]
    assert machine_panels([], now, now=60.0) == ()


def test_a_look_is_taken_once_in_a_while():
    history = MachineHistory()
    history.look()
    history.look()
    (only,) = history.samples
    assert 0 <= only.cpu_percent <= 100
    assert only.memory_used > 0
