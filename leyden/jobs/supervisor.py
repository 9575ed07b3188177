"""The supervisor: one process per workspace that gives queued jobs to child processes.

It keeps nothing that cannot be read again from the store and the locks: killed at any moment, the next one goes
on. Children are in sessions of their own and outlive it. What a job does is not its business.
"""

import contextlib
import json
import os
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from leyden.errors import StoreError
from leyden.home import PROJECT, Home, find_home
from leyden.jobs.housekeeping import sweep
from leyden.jobs.table import JOB_KINDS, JobKind
from leyden.locks import FileLock, is_held
from leyden.machine import accelerators
from leyden.store.records import STOP_NOW, Job
from leyden.store.store import Store, open_store

POLL_S = 0.2
IDLE_S = 600
HANDOFF_S = 30
"""A claimed job that no child has adopted after this long was lost with the supervisor that claimed it."""
FORGET_S = 24 * 3600
TIDY_EVERY_S = 3600
LOCK_TIMEOUT_S = 1
CODE = ("leyden", "lightning_modules")
"""What children import."""
SPARE_DELAY_S = 3
"""A new spare is made, and an idle job started, this long after a start, so that their imports do not slow the job's
first steps."""


@dataclass
class Child:
    """A child process that this supervisor started, and the job it does now."""

    process: "subprocess.Popen[bytes]"
    has_torch: bool
    code_at: float = 0.0
    """When the code that it has imported was last changed; Unix seconds."""
    job_id: int | None = None
    lane: str = "light"
    rank: int = 0

    def hand_over(self, job: Job, owner: str, function: str, *, rank: int = 0, num_ranks: int = 1) -> None:
        """Writes the job to the child's standard input; a device job is its last."""
        assert self.process.stdin is not None
        handoff = {
            "job": job.id,
            "owner": owner,
            "device": job.device,
            "function": function,
            "is_idle": job.lane == "idle",
            "rank": rank,
            "num_ranks": num_ranks,
        }
        self.process.stdin.write(json.dumps(handoff).encode() + b"\n")
        self.process.stdin.flush()
        self.job_id, self.lane, self.rank = job.id, job.lane, rank
        if job.lane == "device" or not self.has_torch:
            self.process.stdin.close()

    def leave(self) -> None:
        """Lets the child end after its job, or now when it has none."""
        if self.process.stdin and not self.process.stdin.closed:
            self.process.stdin.close()


@dataclass
class Supervisor:
    """Claims jobs and hands them to children, until there has been nothing to do for `idle_s` seconds."""

    home: Home
    store: Store
    idle_s: float = IDLE_S
    kinds: Mapping[str, JobKind] = field(default_factory=lambda: JOB_KINDS)
    owner: str = field(default_factory=lambda: f"supervisor:{os.getpid()}:{secrets.token_hex(4)}")
    children: list[Child] = field(default_factory=list)
    last_start: float = 0.0
    last_busy: float = field(default_factory=time.monotonic)
    next_tidy: float = field(default_factory=time.monotonic)
    is_leaving: bool = False

    def run(self) -> None:
        """Works until idle for long, or told to leave."""
        while not self.is_leaving and time.monotonic() - self.last_busy < self.idle_s:
            try:
                self.step()
                self._tidy()
            except (StoreError, OSError) as error:
                # A store that is locked, a disk or a process table that is full: it passes, or somebody sees this.
                print(f"supervisor: {error}", flush=True)
            time.sleep(POLL_S)
        for child in self.children:
            child.leave()
            threading.Thread(target=child.process.wait, daemon=True, name="child-end").start()

    def step(self) -> None:
        """One look at everything: the dead, the lost, those to be killed, the queue, the spare."""
        self._reap()
        running = self.store.jobs.list(states=("running",))
        for job in running:
            if job.stop_request >= STOP_NOW:
                self._kill(job)
            elif self._is_lost(job):
                self.store.queue.mark_vanished(job.id, job.owner or "")
        while claimed := self._claim():
            self._start(claimed)
        if running or any(child.job_id for child in self.children):
            self.last_busy = time.monotonic()
        self._keep_spare()

    # -- ends

    def _tidy(self) -> None:
        """Removes what is left of jobs that were done for a page, and what nobody refers to, a day later."""
        if time.monotonic() < self.next_tidy:
            return
        # Beforehand: if it fails, it is tried again in an hour and not in a moment.
        self.next_tidy = time.monotonic() + TIDY_EVERY_S
        kinds = tuple(kind.name for kind in self.kinds.values() if kind.is_background)
        for job_id in self.store.jobs.forget(kinds, before=time.time() - FORGET_S):
            self.home.job_log(job_id).unlink(missing_ok=True)
        sweep(self.home, self.store, before=time.time() - FORGET_S)

    def _reap(self) -> None:
        for child in list(self.children):
            job = self.store.jobs.find(child.job_id) if child.job_id else None
            if child.process.poll() is not None:
                self.children.remove(child)
                is_done = child.rank > 0 and child.process.returncode == 0
                if job and job.state == "running" and not is_done:
                    print(f"supervisor: job {job.id} vanished, exit {child.process.returncode}", flush=True)
                    self._end_crew(job.id)
                    self.store.queue.mark_vanished(job.id, job.owner or "")
            elif child.lane == "light" and child.has_torch and not (job and job.is_active):
                # It has ended, or was deleted with its run as soon as it had.
                child.job_id = None

    def _end_crew(self, job_id: int) -> None:
        """Ends the other processes of a job that one is gone from, should they not see it themselves."""
        for child in self.children:
            if child.job_id == job_id:
                child.process.kill()

    def _is_lost(self, job: Job) -> bool:
        if any(child.job_id == job.id for child in self.children):
            return False
        if is_held(self.home.job_lock(job.id)):
            return False
        if job.pid is not None:
            # It ended between the two looks, or it vanished.
            return self.store.jobs.get(job.id).state == "running"
        return time.time() - (job.heartbeat_at or 0) > HANDOFF_S

    def _kill(self, job: Job) -> None:
        if job.pid is not None and is_held(self.home.job_lock(job.id)):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(job.pid, signal.SIGKILL)
        self.store.queue.mark_vanished(job.id, job.owner or "")

    # -- starts

    def _claim(self) -> Job | None:
        running, settings = self.store.jobs.list(states=("running",)), self.store.settings.queue()
        job = None if settings.is_paused else self._claim_device(running, settings.cpu_runs)
        if job is None and sum(other.lane == "light" for other in running) < settings.light_jobs:
            job = self.store.queue.claim_next("light", self.owner, free=("cpu",), free_for_auto=("cpu",))
        is_calm = time.monotonic() - self.last_start > SPARE_DELAY_S
        if job is None and is_calm and not any(other.lane == "idle" for other in running):
            job = self.store.queue.claim_next("idle", self.owner, free=("cpu",), free_for_auto=("cpu",))
        return job

    def _claim_device(self, running: list[Job], cpu_runs: int) -> Job | None:
        taken = [device for job in running if job.lane == "device" for device in job.devices]
        fast = tuple(device for device in accelerators() if device not in taken)
        cpu = ("cpu",) if taken.count("cpu") < cpu_runs else ()
        for_auto = fast if accelerators() else cpu
        return self.store.queue.claim_next(
            "device",
            self.owner,
            free=fast + cpu,
            free_for_auto=for_auto,
            most_for_auto=len(accelerators()) or 1,
            heeds_pause=True,
        )

    def _start(self, job: Job) -> None:
        kind = self.kinds[job.kind]
        if job.num_devices > 1:
            self._start_crew(job, kind)
            return
        for child in self._idle() if kind.needs_torch else []:
            try:
                child.hand_over(job, self.owner, kind.function)
            except (BrokenPipeError, ValueError):
                continue  # Died, or is about to: it is reaped at the next look.
            break
        else:
            self._spawn(kind.needs_torch).hand_over(job, self.owner, kind.function)
        self.last_start = self.last_busy = time.monotonic()

    def _idle(self) -> list[Child]:
        """Children that wait for a job. Those that imported code which was changed since are let go."""
        idle = [child for child in self.children if child.has_torch and child.job_id is None]
        if idle:
            current = code_changed_at()
            for child in (child for child in idle if child.code_at < current):
                child.leave()
            idle = [child for child in idle if child.code_at >= current]
        return idle

    def _start_crew(self, job: Job, kind: JobKind) -> None:
        """Starts all ranks of a job in one process group, so that they can be ended together."""
        leader = self._spawn(kind.needs_torch, group=0)
        helpers = (self._spawn(kind.needs_torch, group=leader.process.pid) for _ in range(1, job.num_devices))
        for rank, child in enumerate([leader, *helpers]):
            child.hand_over(job, self.owner, kind.function, rank=rank, num_ranks=job.num_devices)
        self.last_start = self.last_busy = time.monotonic()

    def _spawn(self, has_torch: bool, group: int | None = None) -> Child:
        """Starts a child in a session of its own, or (0: new) in a process group of this session."""
        module = "lightning_modules" if has_torch else "leyden.jobs.child"
        environment = {**os.environ, "LEYDEN_HOME": str(self.home.root)}
        changed_at = code_changed_at() if has_torch else 0.0  # Before it imports anything.
        with self.home.supervisor_log.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", module],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                cwd=PROJECT,
                env=environment,
                start_new_session=group is None,
                process_group=group,
            )
        child = Child(process, has_torch, changed_at)
        self.children.append(child)
        return child

    def _keep_spare(self) -> None:
        has_spare = any(child.has_torch and child.job_id is None for child in self.children)
        if not has_spare and time.monotonic() - self.last_start > SPARE_DELAY_S:
            self._spawn(has_torch=True)


def code_changed_at() -> float:
    """When a file of Leyden's code was last changed, in Unix seconds: somebody adds to it, or brings it up to date.

    Takes a few milliseconds. What cannot be looked at counts for nothing: an editor's lock is a link that leads
    nowhere, and files come and go while somebody works on them.
    """
    newest = 0.0
    for package in CODE:
        for folder, _folders, names in os.walk(PROJECT / package):  # It passes over folders that are gone.
            for name in (name for name in names if name.endswith(".py")):
                with contextlib.suppress(OSError):
                    newest = max(newest, Path(folder, name).stat().st_mtime)
    return newest


def supervise(home: Home, idle_s: float = IDLE_S) -> bool:
    """Supervises the workspace until idle.

    Returns:
        False at once when another supervisor already does.
    """
    lock = FileLock(home.supervisor_lock)
    # A moment's patience: others look whether the lock is held by trying to take it.
    if not lock.acquire(LOCK_TIMEOUT_S):
        return False
    with contextlib.closing(open_store(home)) as store:
        while True:
            supervisor = Supervisor(home, store, idle_s)
            signal.signal(signal.SIGTERM, lambda *_, leaving=supervisor: setattr(leaving, "is_leaving", True))
            supervisor.run()
            lock.release()
            # A job queued while the lock was being given back has nobody else to look after it.
            if supervisor.is_leaving or not store.has_work() or not lock.acquire(LOCK_TIMEOUT_S):
                return True


if __name__ == "__main__":
    supervise(find_home())
