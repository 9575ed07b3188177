"""Translates failures whose cause is known into a sentence that says what to do."""

import errno
from collections.abc import Callable

from leyden.messages.render import Message

NO_SPACE = "no space left on device"
"""What libraries say of a full disk that raise errors of their own: torch, DuckDB, safetensors."""


def code_of(error: BaseException) -> str | None:
    """The code of a failure that any library may meet."""
    is_full = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
    return "disk_full" if is_full or NO_SPACE in str(error).lower() else None


def explain(error: BaseException, code_of: Callable[[BaseException], str | None] = code_of) -> Message | None:
    """The reason behind an exception, or of one that it was raised from; None when the cause is not known.

    Args:
        error: The exception.
        code_of: Tells the code of a message for one exception, if it knows one.
    """
    current: BaseException | None = error
    while current is not None:
        if code := code_of(current):
            return Message(code=code)
        current = current.__cause__ or current.__context__
    return None
