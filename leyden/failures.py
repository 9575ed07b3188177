"""Translates failures whose cause is known into a sentence that says what to do."""

import errno
from collections.abc import Callable

from leyden.messages.render import Message

NO_SPACE = "no space left on device"
THEIR_ERRORS = frozenset({"OSError", "RuntimeError", "OperationalError", "SafetensorError"})
"""What libraries raise when a disk is full: torch, DuckDB and safetensors have errors of their own, without a number.
Other errors may speak of a full disk because the data does."""


def code_of(error: BaseException) -> str | None:
    """The code of a failure that any library may meet."""
    is_full = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
    is_of_disk = any(kind.__name__ in THEIR_ERRORS for kind in type(error).__mro__)
    return "disk_full" if is_full or (is_of_disk and NO_SPACE in str(error).lower()) else None


def explain(error: BaseException, known: Callable[[BaseException], str | None] = code_of) -> Message | None:
    """The reason behind an exception, or of one that it was raised from; None when the cause is not known.

    Args:
        error: The exception.
        known: Tells the code of a message for one exception, if it knows one.
    """
    current: BaseException | None = error
    while current is not None:
        if code := known(current):
            return Message(code=code)
        current = current.__cause__ or current.__context__
    return None
