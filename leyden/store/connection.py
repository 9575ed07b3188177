"""Opens the database: settings of every connection, transactions, and migration to the newest schema."""

import fcntl
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.exc import DatabaseError, IntegrityError, OperationalError

from leyden.errors import StoreError

MIGRATIONS = Path(__file__).parent / "migrations"
NEWEST = "0004"
"""Revision that this code was written for; a test compares it with the migrations."""

BUSY_TIMEOUT_S = 30


def connect(database: Path) -> Engine:
    """An engine on the database file, migrated to the newest schema."""
    engine = create_engine(f"sqlite:///{database}", connect_args={"timeout": BUSY_TIMEOUT_S})
    event.listen(engine, "connect", _configure)
    event.listen(engine, "begin", _begin)
    _migrate(engine, database)
    return engine


def _configure(dbapi_connection: Any, _record: object) -> None:
    # The driver must not open transactions by itself: `_begin` does, and chooses the kind.
    dbapi_connection.isolation_level = None
    cursor = dbapi_connection.cursor()
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()
    dbapi_connection.create_function("folded", 1, folded, deterministic=True)


def folded(text: str | None) -> str | None:
    """A text without the differences that a search overlooks: large and small, composed or not, full width or half."""
    return None if text is None else unicodedata.normalize("NFKC", text).casefold()


def _begin(connection: Connection) -> None:
    # A read transaction that turns into a write can fail at once instead of waiting for its turn.
    is_write = connection.get_execution_options().get("leyden_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_write else "BEGIN")


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A consistent view of the store.

    Raises:
        StoreError: `store_unavailable` when the database cannot be read now.
    """
    try:
        with engine.begin() as connection:
            yield connection
    except DatabaseError as error:
        raise _in_words(error) from error


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One write transaction: all of it happens, or nothing.

    Raises:
        StoreError: `store_unavailable` when the database stays locked or the disk is full.
    """
    try:
        with engine.execution_options(leyden_write=True).begin() as connection:
            yield connection
    except DatabaseError as error:
        raise _in_words(error) from error


def _in_words(error: DatabaseError) -> Exception:
    """What a failure of the database means to people; a broken constraint is a bug of ours and stays as it is."""
    if isinstance(error, IntegrityError):
        return error
    code = "store_unavailable" if isinstance(error, OperationalError) else "store_damaged"
    return StoreError(code, detail=str(error.orig))


def _migrate(engine: Engine, database: Path) -> None:
    if _revision(engine) == NEWEST:
        return
    with database.with_suffix(".migrate.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        revision = _revision(engine)
        if revision == NEWEST:
            return
        if revision is not None and revision > NEWEST:
            raise StoreError("store_too_new", found=revision, expected=NEWEST)
        _set_up_file(engine)
        # Imported late: most processes find the schema up to date.
        from alembic import command
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
        with engine.connect() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")


def _set_up_file(engine: Engine) -> None:
    """Settings that the file itself remembers."""
    connection = engine.raw_connection()
    try:
        # Only has an effect before the first table exists; deleting runs then really frees the disk.
        connection.cursor().execute("PRAGMA auto_vacuum = INCREMENTAL")
        connection.cursor().execute("PRAGMA journal_mode = WAL")
    finally:
        connection.close()


def _revision(engine: Engine) -> str | None:
    with reading(engine) as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        row = connection.execute(text("SELECT version_num FROM alembic_version")).first()
        return row[0] if row else None
