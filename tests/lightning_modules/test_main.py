"""The process that supervisors start."""

import json
import os
import subprocess
import sys

import pytest

from leyden.home import PROJECT
from leyden.jobs.table import JOB_KINDS
from tests.waiting import wait_for


@pytest.mark.fault
def test_a_child_does_the_jobs_it_is_given_and_leaves_when_told(home, store, flowers_run):
    run = flowers_run()
    job = store.jobs.claim_next("device", "supervisor", free=("cpu",), free_for_auto=("cpu",))
    process = subprocess.Popen(
        [sys.executable, "-m", "lightning_modules"], stdin=subprocess.PIPE, cwd=PROJECT, env=dict(os.environ)
    )
    function = JOB_KINDS["train"].function
    handoff = {"job": job.id, "owner": "supervisor", "device": "cpu", "function": function}
    process.stdin.write(json.dumps(handoff).encode() + b"\n")
    process.stdin.close()
    ended = wait_for(lambda: None if store.jobs.get(job.id).is_active else store.jobs.get(job.id), timeout_s=120)
    assert ended.state == "finished", ended.reason
    assert ended.result["figures"] == store.reports.get(run.id, "val").figures
    assert process.wait(timeout=30) == 0
    log = (home.run(run.id) / "log.txt").read_text()
    assert "Traceback" not in log and "Warning" not in log and "lightning_logs" not in log
    assert not (home.run(run.id) / "lightning_logs").exists()
