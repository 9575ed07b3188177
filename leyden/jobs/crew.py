"""Several processes that do one job together, each with its rank: they meet, watch each other, and end together.

Rank 0 is the job's child as any other: it owns the job, writes for it and ends it. The others help, and write
nothing but how they ended. Each holds a lock for as long as it lives, so that all know when one is gone, whoever
started them and whatever became of that one.
"""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from leyden.home import Home
from leyden.locks import FileLock, is_held
from leyden.messages.render import Message

MEETING_TIMEOUT_S = 300
"""Helpers import torch first, on a machine that may be busy."""
LOOK_EVERY_S = 0.5
PATIENCE_S = 3.0
"""A process that dies breaks its connections a little before its lock is free."""
LEAVING_TIMEOUT_S = 30.0
"""Helpers leave with rank 0, at once unless the machine is very busy."""


class CrewBroken(Exception):
    """One of the processes is gone.

    Args:
        reason: Why it ended, where it could say so; None: it vanished.
    """

    def __init__(self, reason: Message | None) -> None:
        super().__init__("a process of this job is gone")
        self.reason = reason


@dataclass
class Crew:
    """The processes of one job, seen by one of them.

    Args:
        home: The workspace.
        job_id: Their job.
        rank: This process's.
        size: How many they are.
    """

    home: Home
    job_id: int
    rank: int
    size: int

    def __post_init__(self) -> None:
        self._lock = FileLock(self.home.rank_lock(self.job_id, self.rank)) if self.rank else None
        self._dismissed = threading.Event()

    def meet(self) -> bool:
        """Waits until all are there; False when they do not come.

        Raises:
            CrewBroken: One of them has come, and failed already.
        """
        deadline = time.monotonic() + MEETING_TIMEOUT_S
        if self._lock and not self._lock.acquire(PATIENCE_S):
            return False
        # Helpers are started for the job's owner, and need to know of nobody else before the work begins.
        awaited = range(1, self.size) if self.rank == 0 else (0,)
        while not all(self._is_here(rank) or self._has_done(rank) for rank in awaited):
            if time.monotonic() > deadline:
                return False
            time.sleep(LOOK_EVERY_S / 5)
        return True

    def watch(self, on_broken: Callable[[CrewBroken], None]) -> None:
        """Looks after the others in a thread from now on, until dismissed; helpers look after rank 0 alone."""
        watched = range(1, self.size) if self.rank == 0 else (0,)

        def look() -> None:
            while not self._dismissed.wait(LOOK_EVERY_S):
                try:
                    self._require(watched)
                except CrewBroken as broken:
                    if not self._dismissed.is_set():
                        on_broken(broken)
                    return

        threading.Thread(target=look, daemon=True, name="crew").start()

    def check(self, patience_s: float = 0.0) -> None:
        """Looks whether all others are there, have done their part, or are still on their way.

        Raises:
            CrewBroken: One is not.
        """
        deadline = time.monotonic() + patience_s
        while True:
            self._require(rank for rank in range(self.size) if rank != self.rank and self._has_come(rank))
            if time.monotonic() >= deadline:
                return
            time.sleep(LOOK_EVERY_S / 5)

    def leave(self, reason: Message | None) -> None:
        """A helper has done its part, or failed for this reason."""
        assert self._lock is not None, "rank 0 ends the job itself"
        outcome = self.home.rank_outcome(self.job_id, self.rank)
        outcome.write_text(reason.model_dump_json() if reason else "")
        self._lock.release(remove=True)
        self._dismissed.set()

    def dismiss(self) -> None:
        """The common part is done: rank 0 goes on alone."""
        self._dismissed.set()

    def clean_up(self, timeout_s: float) -> None:
        """Removes what the helpers left, once they are gone; one that does not go is gone when rank 0 is."""
        deadline = time.monotonic() + timeout_s
        helpers = range(1, self.size)
        while any(self._is_here(rank) for rank in helpers) and time.monotonic() < deadline:
            time.sleep(LOOK_EVERY_S / 5)
        for rank in helpers:
            self.home.rank_outcome(self.job_id, rank).unlink(missing_ok=True)
            self.home.rank_lock(self.job_id, rank).unlink(missing_ok=True)
        self.home.meeting_point(self.job_id).unlink(missing_ok=True)

    def _require(self, ranks: Iterable[int]) -> None:
        for rank in ranks:
            if not self._is_here(rank) and not self._has_done(rank):
                raise CrewBroken(None)

    def _is_here(self, rank: int) -> bool:
        path = self.home.rank_lock(self.job_id, rank) if rank else self.home.job_lock(self.job_id)
        return is_held(path)

    def _has_come(self, rank: int) -> bool:
        """Whether it was ever there; one that was killed leaves the file of its lock."""
        lock, outcome = self.home.rank_lock(self.job_id, rank), self.home.rank_outcome(self.job_id, rank)
        return rank == 0 or lock.exists() or outcome.exists()

    def _has_done(self, rank: int) -> bool:
        """Whether a process that is not there has done its part.

        Raises:
            CrewBroken: It failed, and left word why.
        """
        try:
            text = self.home.rank_outcome(self.job_id, rank).read_text()
        except OSError:
            return False
        if text:
            raise CrewBroken(Message.model_validate_json(text))
        return True


def end_all() -> None:
    """Kills this process and all others of its group, which are its crew."""
    os.killpg(os.getpgrp(), signal.SIGKILL)
