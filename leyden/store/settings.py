"""Settings of the workspace in the store: what people decide once for everybody's work."""

from typing import Any

from sqlalchemy import Connection, Engine, delete, insert, select

from leyden.store.connection import reading, writing
from leyden.store.records import QueueSettings
from leyden.store.schema import settings

QUEUE = "queue"


class Settings:
    """The settings table: one row per area, its value a record that is read with defaults for what it lacks."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def queue(self) -> QueueSettings:
        """How the queue is worked off."""
        with reading(self._engine) as connection:
            return queue_settings(connection)

    def change_queue(self, **changes: Any) -> QueueSettings:
        """Changes some of the queue's settings; the supervisor reads them at its next look.

        Raises:
            pydantic.ValidationError: A value is out of its bounds.
        """
        with writing(self._engine) as connection:
            changed = QueueSettings.model_validate({**queue_settings(connection).model_dump(), **changes})
            connection.execute(delete(settings).where(settings.c.name == QUEUE))
            connection.execute(insert(settings).values(name=QUEUE, value=changed.model_dump()))
        return changed


def queue_settings(connection: Connection) -> QueueSettings:
    """How the queue is worked off, as a transaction sees it."""
    value = connection.execute(select(settings.c.value).where(settings.c.name == QUEUE)).scalar() or {}
    # A newer Leyden may have written more.
    return QueueSettings(**{name: value[name] for name in QueueSettings.model_fields if name in value})
