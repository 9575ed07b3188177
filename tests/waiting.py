"""Waiting for a condition with a deadline, instead of sleeping and hoping."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def wait_for(look: Callable[[], T], *, timeout_s: float = 60, what: str = "the condition") -> T:
    """The first truthy result of `look`; fails the test after `timeout_s` seconds."""
    deadline = time.monotonic() + timeout_s
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not come true within {timeout_s} s; last look: {found!r}")
        time.sleep(0.05)
