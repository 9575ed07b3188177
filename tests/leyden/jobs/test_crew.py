"""How the processes of one job see each other, without any process."""

import pytest

from leyden.home import Home
from leyden.jobs.crew import Crew, CrewBroken
from leyden.locks import FileLock
from leyden.messages.render import Message

JOB = 7
REASON = Message(code="unexpected_error", params={"kind": "ValueError", "detail": "too early"})


@pytest.fixture
def owner(home: Home):
    """The job's lock, held as rank 0 does."""
    with FileLock(home.job_lock(JOB)) as lock:
        assert lock.acquire()
        yield lock


def crew(home: Home, rank: int) -> Crew:
    return Crew(home, JOB, rank, size=3)


def test_one_that_is_still_on_its_way_is_not_gone(home, owner):
    early = crew(home, 1)
    assert early.meet()
    early.check()
    early.leave(REASON)


def test_the_owner_hears_of_a_failure_before_all_have_come(home, owner):
    early = crew(home, 1)
    assert early.meet()
    early.leave(REASON)
    with pytest.raises(CrewBroken) as broken:
        crew(home, 0).meet()
    assert broken.value.reason == REASON


def test_one_that_was_killed_is_gone_without_a_reason(home, owner):
    early, late = crew(home, 1), crew(home, 2)
    assert early.meet() and late.meet()
    early.check()
    assert late._lock is not None
    late._lock.release()  # As the kernel does: the file stays.
    with pytest.raises(CrewBroken) as broken:
        early.check()
    assert broken.value.reason is None
    early.leave(None)


def test_one_that_has_done_its_part_is_not_missed(home, owner):
    early, late = crew(home, 1), crew(home, 2)
    assert early.meet() and late.meet()
    late.leave(None)
    early.check()
    early.leave(None)
    assert crew(home, 0).meet()
