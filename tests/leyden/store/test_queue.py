import threading

from leyden.store.queue import MAX_STALLED
from leyden.store.records import STOP_NOW
from leyden.store.store import Store
from tests.leyden.factories import CPU, add_run
from tests.leyden.store.jobs import add, running


def test_claims_follow_priority_then_age(store: Store):
    first, second, urgent = add(store), add(store), add(store, priority=1)
    claimed = [store.queue.claim_next("light", "s", **CPU).id for _ in range(3)]
    assert claimed == [urgent.id, first.id, second.id]
    assert store.queue.claim_next("light", "s", **CPU) is None


def test_a_job_waits_for_the_device_it_wants_while_others_pass(store: Store):
    wants_second = add(store, wanted_device="cuda:1")
    anything = add(store)
    free = {"free": ("cuda:0", "cpu"), "free_for_auto": ("cuda:0",)}
    assert store.queue.claim_next("light", "s", **free).id == anything.id
    assert store.queue.claim_next("light", "s", **free) is None
    claimed = store.queue.claim_next("light", "s", free=("cuda:1",), free_for_auto=())
    assert (claimed.id, claimed.device) == (wants_second.id, "cuda:1")


def test_every_job_is_claimed_exactly_once_by_many_claimers(store: Store):
    expected = {add(store).id for _ in range(40)}
    claimed: list[int] = []

    def claim_all(name: str) -> None:
        while job := store.queue.claim_next("light", name, **CPU):
            claimed.append(job.id)

    threads = [threading.Thread(target=claim_all, args=(f"s{i}",)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(claimed) == sorted(expected)


def test_a_vanished_job_goes_on_from_its_last_checkpoint_before_the_others(store: Store):
    run = add_run(store)
    add_run(store)
    job = store.queue.claim_next("device", "s", **CPU)
    store.jobs.set_saved_step(job.id, "s", 120)
    following = store.queue.mark_vanished(job.id, "s")
    assert (following.attempt, following.start_step, following.stalled) == (2, 120, 0)
    assert store.jobs.follow(job.id) == following
    assert store.jobs.get(job.id).state == "failed"
    assert store.runs.get(run.id).job.id == following.id
    assert store.queue.claim_next("device", "s", **CPU).id == following.id


def test_a_job_that_vanishes_without_progress_is_given_up(store: Store):
    add(store)
    for vanished in range(1, MAX_STALLED + 1):
        job = store.queue.claim_next("light", "s", **CPU)
        following = store.queue.mark_vanished(job.id, "s")
        assert (following is None) == (vanished == MAX_STALLED)
    ended = store.jobs.get(job.id)
    assert (ended.state, ended.reason.code) == ("failed", "vanished_for_good")


def test_a_job_that_was_told_to_stop_is_not_started_again(store: Store):
    job = running(store)
    store.jobs.request_stop(job.id, STOP_NOW)
    assert store.queue.mark_vanished(job.id, "child") is None
    assert store.jobs.get(job.id).state == "stopped"


def test_an_attempt_that_saved_nothing_new_keeps_the_checkpoint_before(store: Store):
    add_run(store)
    job = store.queue.claim_next("device", "s", **CPU)
    store.jobs.set_saved_step(job.id, "s", 120)
    for stalled in (0, 1, 2):
        following = store.queue.mark_vanished(job.id, "s")
        assert (following.start_step, following.saved_step, following.stalled) == (120, 120, stalled)
        job = store.queue.claim_next("device", "s", **CPU)
    assert store.queue.mark_vanished(job.id, "s") is None


def queue(store: Store) -> list[int]:
    return [job.id for job in store.jobs.list(states=("queued",))]


def test_a_person_moves_waiting_jobs(store: Store):
    a, b, c = (add(store).id for _ in range(3))
    store.queue.move(c, "first")
    assert queue(store) == [c, a, b]
    store.queue.move(a, "down")
    assert queue(store) == [c, b, a]
    store.queue.move(a, "up")
    store.queue.move(c, "up")
    store.queue.move(b, "down")
    assert queue(store) == [c, a, b]
    later = add(store).id
    assert queue(store) == [c, a, b, later]
    assert [store.queue.claim_next("light", "s", **CPU).id for _ in range(4)] == [c, a, b, later]


def test_a_move_stays_within_lane_and_priority(store: Store):
    urgent, plain = add(store, priority=1).id, add(store).id
    other = store.jobs.add("train", lane="device", subject="x", payload={}).id
    store.queue.move(plain, "first")
    store.queue.move(other, "first")
    assert queue(store) == [urgent, plain, other]


def test_moving_what_has_started_or_gone_changes_nothing(store: Store):
    started, waiting = running(store), add(store)
    store.queue.move(started.id, "down")
    store.queue.move(12345, "first")
    assert queue(store) == [waiting.id]


def test_what_is_ahead_follows_the_queue(store: Store):
    started = running(store)
    first, second = add(store), add(store)
    store.queue.move(second.id, "first")
    assert [job.id for job in store.queue.ahead_of(first)] == [started.id, second.id]
    assert [job.id for job in store.queue.ahead_of(second)] == [started.id]


def test_a_job_gets_as_many_devices_as_it_wants_and_none_pass_it_meanwhile(store: Store):
    both, one = add(store, num_devices=2), add(store)
    one_gpu = {"free": ("cuda:1", "cpu"), "free_for_auto": ("cuda:1",), "most_for_auto": 3}
    assert store.queue.claim_next("light", "s", **one_gpu) is None
    on_cpu = add(store, wanted_device="cpu")
    assert store.queue.claim_next("light", "s", **one_gpu).id == on_cpu.id
    gpus = ("cuda:0", "cuda:1", "cuda:2")
    claimed = store.queue.claim_next("light", "s", free=gpus, free_for_auto=gpus)
    assert (claimed.id, claimed.devices) == (both.id, ("cuda:0", "cuda:1"))
    assert store.queue.claim_next("light", "s", free=("cuda:2",), free_for_auto=("cuda:2",)).id == one.id


def test_a_job_that_wants_more_devices_than_there_are_holds_up_nobody(store: Store):
    too_many, one = add(store, num_devices=3), add(store)
    two_gpus = {"free": ("cuda:0",), "free_for_auto": ("cuda:0",), "most_for_auto": 2}
    assert store.queue.claim_next("light", "s", **two_gpus).id == one.id
    assert store.jobs.get(too_many.id).state == "queued"


def test_nothing_is_claimed_once_the_queue_is_paused(store: Store):
    job = add(store)
    store.settings.change_queue(is_paused=True)
    assert store.queue.claim_next("light", "s", **CPU, heeds_pause=True) is None
    assert store.queue.claim_next("light", "s", **CPU).id == job.id


def test_processes_on_the_processor_share_it(store: Store):
    add(store, num_devices=2)
    assert store.queue.claim_next("light", "s", **CPU).devices == ("cpu",)
