import time

import pytest

from leyden.datasets import duck
from leyden.errors import DataError

ENDLESS = "SELECT count(DISTINCT hash(a.i + b.i)) FROM range(10000000) a(i), range(10000000) b(i)"


class Stopped(Exception):
    """What a tick raises when somebody asked for a stop."""


def test_a_long_query_ends_when_somebody_stops_it():
    def stop(_: float) -> None:
        raise Stopped

    started = time.monotonic()
    with duck.connect() as connection, pytest.raises(Stopped):
        duck.run(connection, ENDLESS, stop)
    assert time.monotonic() - started < 30


def test_the_progress_of_a_query_is_a_share():
    told: list[float] = []
    with duck.connect() as connection:
        duck.run(connection, "SELECT sum(hash(i)) FROM range(80000000) t(i)", told.append)
    assert all(0 <= share <= 1 for share in told)
    assert told == sorted(told)


def test_too_little_memory_is_said_in_one_sentence():
    with duck.connect() as connection:
        connection.execute("SET memory_limit = '10MB'; SET temp_directory = ''")
        with pytest.raises(DataError, match="more memory than this machine"):
            duck.run(connection, "CREATE TABLE t AS SELECT i, hash(i)::VARCHAR FROM range(5000000) t(i)")


def test_names_and_texts_are_quoted():
    with duck.connect() as connection:
        query = f"SELECT {duck.text(chr(39) + 'x')} AS {duck.name('a' + chr(34))}"
        assert connection.execute(query).fetchall() == [("'x",)]
