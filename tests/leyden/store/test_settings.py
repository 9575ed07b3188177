import pytest
from pydantic import ValidationError
from sqlalchemy import insert

from leyden.store.records import QueueSettings
from leyden.store.schema import settings
from leyden.store.store import Store


def test_a_new_workspace_has_the_defaults(store: Store):
    assert store.settings.queue() == QueueSettings()


def test_changes_are_kept_and_leave_the_rest(store: Store):
    store.settings.change_queue(is_paused=True)
    store.settings.change_queue(cpu_runs=3)
    assert store.settings.queue() == QueueSettings(is_paused=True, cpu_runs=3)


def test_values_out_of_bounds_are_refused_and_change_nothing(store: Store):
    with pytest.raises(ValidationError):
        store.settings.change_queue(cpu_runs=0)
    assert store.settings.queue() == QueueSettings()


def test_what_a_newer_version_wrote_is_passed_over(store: Store):
    with store.engine.begin() as connection:
        connection.execute(insert(settings).values(name="queue", value={"light_jobs": 4, "unknown": 1}))
    assert store.settings.queue() == QueueSettings(light_jobs=4)


def test_a_paused_queue_holds_back_trainings_and_nothing_else(store):
    assert not store.has_work()
    store.jobs.add("train", lane="device", subject="r1", payload={})
    assert store.has_work()
    store.settings.change_queue(is_paused=True)
    assert not store.has_work()
    store.jobs.add("ingest", lane="light", subject="birds", payload={})
    assert store.has_work()
