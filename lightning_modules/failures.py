"""Translates failures of libraries whose cause is known into a sentence that says what to do."""

import errno
import re

import duckdb
import torch

from leyden.messages.render import Message

CODES = (
    # torch's CPU allocator, CUDA libraries and MPS raise plain RuntimeErrors; DuckDB has errors of its own.
    (re.compile(r"not enough memory|out of memory|can't allocate memory|alloc_failed", re.I), "out_of_memory"),
    (re.compile(r"expected more than 1 (spatial element|value per channel) when training", re.I), "one_row_batch"),
    (re.compile(r"no space left on device", re.I), "disk_full"),
)


def explain(error: BaseException) -> Message | None:
    """The reason behind an exception, or of one that it was raised from; None when the cause is not known."""
    current: BaseException | None = error
    while current is not None:
        if code := _code_of(current):
            return Message(code=code)
        current = current.__cause__ or current.__context__
    return None


def _code_of(error: BaseException) -> str | None:
    if isinstance(error, (MemoryError, torch.OutOfMemoryError)):
        return "out_of_memory"
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "disk_full"
    if isinstance(error, (RuntimeError, ValueError, duckdb.Error)):
        return next((code for pattern, code in CODES if pattern.search(str(error))), None)
    return None
