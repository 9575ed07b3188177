import errno

import duckdb
import pytest
import torch

from lightning_modules.failures import explain


def refuse():
    torch.empty(2**62, dtype=torch.uint8)


def test_a_real_allocation_failure_is_out_of_memory():
    with pytest.raises(RuntimeError) as raised:
        refuse()
    assert explain(raised.value).code == "out_of_memory"


def test_a_single_row_and_batch_normalisation():
    with pytest.raises(ValueError, match="Expected more than 1") as raised:
        torch.nn.BatchNorm1d(3)(torch.zeros(1, 3))
    assert explain(raised.value).code == "one_row_batch"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB"), "out_of_memory"),
        (RuntimeError("cuDNN error: CUDNN_STATUS_ALLOC_FAILED"), "out_of_memory"),
        (RuntimeError("MPS backend out of memory (MPS allocated: 9.0 GB)"), "out_of_memory"),
        (MemoryError(), "out_of_memory"),
        (OSError(errno.ENOSPC, "No space left on device"), "disk_full"),
        (RuntimeError("[enforce fail] file write failed: No space left on device"), "disk_full"),
        (duckdb.IOException('IO Error: Async write failed: No space left on device","errno":"28"'), "disk_full"),
    ],
)
def test_known_causes_have_a_sentence(error, code):
    assert explain(error).code == code
    outer = RuntimeError("something else")
    outer.__cause__ = error
    assert explain(outer).code == code


@pytest.mark.parametrize("error", [RuntimeError("shapes do not fit"), KeyError("x"), OSError(errno.EACCES, "no")])
def test_unknown_causes_have_none(error):
    assert explain(error) is None
