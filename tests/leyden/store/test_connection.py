import json
import sqlite3
import threading

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from leyden.errors import StoreError
from leyden.home import Home
from leyden.store import connection
from leyden.store.schema import metadata
from leyden.store.store import Store, open_store
from tests.leyden.factories import add_dataset


def test_the_migrations_make_the_schema_that_the_code_expects(store: Store):
    with store.engine.connect() as open_connection:
        context = MigrationContext.configure(open_connection)
        assert compare_metadata(context, metadata) == []
    assert ScriptDirectory(str(connection.MIGRATIONS)).get_current_head() == connection.NEWEST


def test_settings_of_a_new_database(store: Store):
    with store.engine.connect() as open_connection:
        values = [
            open_connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "auto_vacuum", "foreign_keys")
        ]
    assert values == ["wal", 2, 1]


def test_many_processes_may_open_a_new_workspace_at_once(home: Home):
    failures: list[BaseException] = []

    def open_and_write(index: int) -> None:
        try:
            store = open_store(home)
            add_dataset(store, f"d{index}")
            store.close()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=open_and_write, args=(index,)) for index in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(open_store(home).datasets.list()) == 4


def test_a_locked_database_is_an_error_in_words(store: Store, home: Home, monkeypatch: pytest.MonkeyPatch):
    add_dataset(store)
    other = sqlite3.connect(home.database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    monkeypatch.setattr(connection, "BUSY_TIMEOUT_S", 0.05)
    impatient = open_store(home)
    with pytest.raises(StoreError, match="cannot be used now"):
        impatient.datasets.rename("d1", "other")
    other.execute("ROLLBACK")
    impatient.datasets.rename("d1", "other")
    assert store.datasets.get("d1").name == "other"
    impatient.close()
    other.close()


def test_a_workspace_of_a_newer_version_is_refused(store: Store, home: Home):
    with store.engine.begin() as open_connection:
        open_connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError, match="newer Leyden"):
        open_store(home)


def test_deleting_frees_the_disk(store: Store, home: Home):
    with store.engine.begin() as open_connection:
        open_connection.exec_driver_sql("CREATE TABLE ballast (content)")
        open_connection.exec_driver_sql("INSERT INTO ballast VALUES (zeroblob(5000000))")
        open_connection.exec_driver_sql("DELETE FROM ballast")
    store.free_space()
    with store.engine.connect() as open_connection:
        assert open_connection.exec_driver_sql("PRAGMA freelist_count").scalar() == 0


def test_a_damaged_database_is_an_error_in_words(home: Home):
    home.database.write_bytes(b"this is no database, and long enough to be looked at" * 100)
    with pytest.raises(StoreError, match="damaged"):
        open_store(home)


def test_a_workspace_that_cannot_be_made_is_an_error_in_words(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="LEYDEN_HOME"):
        Home(tmp_path / "file" / "workspace").create()


RUN_COLUMNS = (
    "id, name, dataset_id, spec, fingerprint, split_hash, task, target, architecture, generation, created_at"
)


def older(home: Home, revision: str, *statements: str) -> None:
    """A workspace of an earlier version, with what the statements put into it."""
    home.root.mkdir(parents=True, exist_ok=True)
    engine = create_engine(f"sqlite:///{home.database}")
    config = Config()
    config.set_main_option("script_location", str(connection.MIGRATIONS))
    with engine.connect() as open_connection:
        config.attributes["connection"] = open_connection
        command.upgrade(config, revision)
    with engine.begin() as open_connection:
        for statement in statements:
            open_connection.exec_driver_sql(statement)
    engine.dispose()


def run_of(run_id: str, created_at: int, spec: str = "{}") -> str:
    values = f"'{run_id}', '', 'd1', '{spec}', '', '', '', '', '', 0, {created_at}"
    return f"INSERT INTO runs ({RUN_COLUMNS}) VALUES ({values})"


def test_runs_of_an_older_workspace_are_numbered_by_age(home: Home):
    older(home, "0001", *(run_of(*run) for run in (("r-new", 30), ("r-old", 10), ("r-middle", 20))))
    store = open_store(home)
    with store.engine.connect() as open_connection:
        rows = open_connection.exec_driver_sql(
            "SELECT id, number, is_starred, note FROM runs ORDER BY number"
        ).all()
    assert rows == [("r-old", 1, 0, ""), ("r-middle", 2, 0, ""), ("r-new", 3, 0, "")]


def test_epochs_that_an_older_version_kept_with_attempts_become_the_setting(home: Home):
    spec = '{"seed": 3, "optimisation": {"epochs": 8, "lr": 0.1}}'
    columns = "kind, subject, lane, state, wanted_device, attempt, priority, stop_request, start_step, "
    columns += "saved_step, stalled"
    job = f"INSERT INTO jobs ({columns}, id, payload, created_at) VALUES"
    older(
        home,
        "0002",
        run_of("r-longer", 1, spec),
        run_of("r-once", 2, spec),
        f"""{job} ('train', 'r-longer', 'main', 'finished', 'cpu', 2, 0, 0, 0, 0, 0, 1, '{{"epochs": 16}}', 1)""",
        f"{job} ('train', 'r-once', 'main', 'finished', 'cpu', 1, 0, 0, 0, 0, 0, 2, '{{}}', 1)",
        "UPDATE runs SET job_id = CASE id WHEN 'r-longer' THEN 1 ELSE 2 END",
    )
    store = open_store(home)
    with store.engine.connect() as open_connection:
        rows = open_connection.exec_driver_sql("SELECT spec FROM runs ORDER BY created_at").scalars().all()
    assert [json.loads(row)["optimisation"] for row in rows] == [
        {"epochs": 16, "lr": 0.1},
        {"epochs": 8, "lr": 0.1},
    ]


def test_baselines_of_an_older_version_have_no_intervals(home: Home):
    columns = "key, dataset_id, part, name, headline, figures, num_rows, of_rows, duration_s, created_at"
    values = """'q', 'd1', 'val', 'linear', 'accuracy', '{"accuracy": 0.5}', 9, 9, 0.1, 1"""
    older(home, "0003", f"INSERT INTO baselines ({columns}) VALUES ({values})")
    [found] = open_store(home).baselines.list("q", "val")
    assert (found.figures, found.intervals) == ({"accuracy": 0.5}, {})
