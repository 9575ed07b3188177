import errno

import duckdb
import pytest

from leyden.failures import explain


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "disk_full"),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), "disk_full"),
        (
            duckdb.IOException('IO Error: Could not write file "table.parquet": No space left on device'),
            "disk_full",
        ),
    ],
)
def test_known_causes_have_a_sentence(error: Exception, code: str):
    assert explain(error).code == code
    outer = RuntimeError("something else")
    outer.__cause__ = error
    assert explain(outer).code == code


IN_THE_DATA = duckdb.ConversionException("Could not convert string 'No space left on device' to INT32")


@pytest.mark.parametrize(
    "error", [OSError(errno.EACCES, "Permission denied"), ValueError("wrong"), KeyError("x"), IN_THE_DATA]
)
def test_others_have_none(error: Exception):
    assert explain(error) is None
