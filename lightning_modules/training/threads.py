"""How many processor threads a network's operations are spread over: the one place that decides.

Threads of one operation wait for the slowest of them. A step of a fraction of a millisecond gains nothing from
that, and where other programs use the processor, too, it loses everything: on two busy cores a small network's
step took 77 ms with torch's default of two threads, and 2 ms with one.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch.utils.flop_counter import FlopCounterMode

from lightning_modules.data.preparation import Preparation
from lightning_modules.training.network import Network

SMALL_STEP_FLOPS = 200_000_000
"""A micro-batch's multiplications below which one thread is enough: some milliseconds of one core."""


@contextmanager
def threads_for(network: Network, preparation: Preparation, micro_rows: int, num_ranks: int = 1) -> Iterator[None]:
    """One thread for small steps, else torch's default (which `OMP_NUM_THREADS` sets), shared among all ranks.

    The choice follows from the network and the batch size alone, and not from a measurement: sums come out
    differently by a rounding with other numbers of threads, and a resumed run must go on exactly.

    Args:
        network: The network, on any device.
        preparation: Knows the shape of its inputs.
        micro_rows: Rows that pass through it at once.
        num_ranks: Processes that share these rows and the processor.
    """
    before = torch.get_num_threads()
    # Forwards once and backwards twice: towards the inputs and towards the weights.
    if 3 * _flops_per_row(network, preparation) * micro_rows / num_ranks < SMALL_STEP_FLOPS:
        torch.set_num_threads(1)
    elif num_ranks > 1:
        torch.set_num_threads(max(1, before // num_ranks))
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _flops_per_row(network: Network, preparation: Preparation) -> int:
    blank = {modality: part.blank(1) for modality, part in preparation.modalities.items()}
    was_training = network.training
    with FlopCounterMode(display=False) as counter, torch.inference_mode():
        network.eval()(blank)
    network.train(was_training)
    return counter.get_total_flops()
