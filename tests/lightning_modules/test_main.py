"""The process that supervisors start."""

import os
import subprocess
import sys

import pytest

from leyden.home import PROJECT
from leyden.jobs.supervisor import Child
from leyden.jobs.table import JOB_KINDS
from tests.leyden.factories import CPU
from tests.waiting import wait_for


@pytest.mark.fault
def test_a_child_does_the_jobs_it_is_given_and_leaves_when_told(home, store, flowers_run):
    run = flowers_run()
    job = store.queue.claim_next("device", "supervisor", **CPU)
    process = subprocess.Popen(
        [sys.executable, "-m", "lightning_modules"], stdin=subprocess.PIPE, cwd=PROJECT, env=dict(os.environ)
    )
    Child(process, has_torch=True).hand_over(job, "supervisor", JOB_KINDS["train"].function)
    ended = wait_for(lambda: None if store.jobs.get(job.id).is_active else store.jobs.get(job.id), timeout_s=120)
    assert ended.state == "finished", ended.reason
    assert ended.result["figures"] == store.reports.get(run.id, "val").figures
    assert process.wait(timeout=30) == 0
    log = (home.run(run.id) / "log.txt").read_text()
    assert "Traceback" not in log and "Warning" not in log and "lightning_logs" not in log
    assert not (home.run(run.id) / "lightning_logs").exists()
