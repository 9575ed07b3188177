import numpy as np
import pandas as pd
import pytest

from leyden.errors import DataError
from leyden.spec.model import Preparation
from lightning_modules.data.datetime import DatetimeColumn


def fit(values):
    return DatetimeColumn.fit(pd.Series(values, name="when"), Preparation())


def transform(column, values):
    return column.transform(pd.Series(values, name="when"))


def test_width_and_type():
    days = pd.date_range("2020-01-01", periods=400)
    column = fit(days)
    block = transform(column, days)
    assert block.shape == (400, column.width) and block.dtype == np.float32 and np.isfinite(block).all()


def test_the_middle_of_days_is_a_day():
    days = fit(pd.to_datetime(["2020-03-27", "2020-03-28"])).describe()
    assert (days.earliest, days.default, days.latest) == ("2020-03-27", "2020-03-27", "2020-03-28")
    times = fit(pd.to_datetime(["2020-03-27 08:00", "2020-03-27 10:00"])).describe()
    assert times.default == "2020-03-27 09:00:00"


def test_december_lies_beside_january():
    column = fit(pd.date_range("2020-01-01", periods=400))
    cyclic = transform(column, pd.to_datetime(["2020-12-15", "2020-01-15", "2020-06-15"]))[:, -8:-6]
    december, january, june = cyclic
    assert np.linalg.norm(december - january) < np.linalg.norm(december - june)


def test_gaps_are_marked_once_and_finite():
    column = fit(pd.to_datetime(["2020-01-01", None, "2021-06-01"]))
    block = transform(column, pd.to_datetime([None, "2020-01-01"]))
    assert np.isfinite(block).all()
    assert block[:, 1].tolist() == [1.0, 0.0]


def test_a_part_that_never_changed_in_training_moves_no_answer():
    """No weight has learnt what another hour means, or a year."""
    column = fit(pd.date_range("2020-01-01", "2020-12-31"))
    at_night, at_noon = transform(column, ["2020-05-01", "2020-05-01 12:00"])
    moved = np.flatnonzero(at_night != at_noon)
    assert moved.tolist() == [0], "the moment alone"
    assert abs(at_noon - at_night)[0] < 0.01
    assert np.isfinite(transform(column, [None, "2021-05-01 23:59"])).all()
    one_day = fit(pd.to_datetime(["2020-05-01", "2020-05-01"]))
    np.testing.assert_array_equal(*transform(one_day, ["2020-05-01", "2021-07-02 12:00"]))
    hours = fit(pd.date_range("2020-01-01", "2020-12-31", freq="7h"))
    at_night, at_noon = transform(hours, ["2020-05-01", "2020-05-01 12:00"])
    assert len(np.flatnonzero(at_night != at_noon)) > 1


def test_text_zones_and_timestamps_agree():
    column = fit(pd.to_datetime(["2020-01-01 12:00", "2021-06-01 00:00"]))
    written = transform(column, ["2020-03-01T10:00:00Z"])
    zoned = transform(column, pd.to_datetime(["2020-03-01T12:00:00+02:00"]))
    plain = transform(column, pd.to_datetime(["2020-03-01 10:00"]))
    np.testing.assert_array_equal(written, plain)
    np.testing.assert_array_equal(zoned, plain)


@pytest.mark.parametrize("day", ["1066-10-14", "2300-01-01", "9999-12-31"])
def test_dates_beyond_what_nanoseconds_reach_are_dates(day: str):
    column = fit(pd.to_datetime(["2020-01-01", "2021-06-01"]))
    assert np.isfinite(transform(column, [day])).all()
    (told,) = [one for one in column.unseen(pd.Series([day])) if one.rows.any()]
    assert told.code == ("date_before" if day < "2020" else "date_after")
    old = DatetimeColumn.fit(pd.Series([day, "2020-01-01"], name="when"), Preparation())
    assert day in (old.describe().earliest, old.describe().latest)


def test_text_that_is_no_date_is_refused():
    column = fit(pd.to_datetime(["2020-01-01", "2021-06-01"]))
    column.check(pd.Series(["31.12.2020", "2020-12-31"], name="when"))
    for refuse in (column.check, lambda values: DatetimeColumn.fit(values, Preparation())):
        with pytest.raises(DataError, match=r"'when' must hold dates.*'31\.12\.2020'"):
            refuse(pd.Series(["31.12.2020"], name="when"))


def test_plain_data_round_trip():
    column = fit(pd.to_datetime(["2020-01-01", None, "2021-06-01"]))
    assert DatetimeColumn.model_validate(column.model_dump(mode="json")) == column
