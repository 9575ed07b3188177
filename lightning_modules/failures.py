"""Translates failures of torch whose cause is known, and those of others, into a sentence that says what to do."""

import re

import torch

from leyden import failures
from leyden.messages.render import Message

CODES = (
    # torch's CPU allocator, CUDA libraries and MPS raise plain RuntimeErrors.
    (re.compile(r"not enough memory|out of memory|can't allocate memory|alloc_failed", re.I), "out_of_memory"),
    (re.compile(r"expected more than 1 (spatial element|value per channel) when training", re.I), "one_row_batch"),
)


def explain(error: BaseException) -> Message | None:
    """The reason behind an exception, or of one that it was raised from; None when the cause is not known."""
    return failures.explain(error, _code_of)


def _code_of(error: BaseException) -> str | None:
    if isinstance(error, (MemoryError, torch.OutOfMemoryError)):
        return "out_of_memory"
    if isinstance(error, (RuntimeError, ValueError)):
        for pattern, code in CODES:
            if pattern.search(str(error)):
                return code
    return failures.code_of(error)
