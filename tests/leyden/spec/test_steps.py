import pytest

from leyden.spec.model import Optimisation
from leyden.spec.steps import step_bounds


@pytest.mark.parametrize(
    ("num_rows", "options", "bounds"),
    [
        (128, {"batch_size": 64}, [0, 64, 128]),
        (130, {"batch_size": 64}, [0, 64, 128, 130]),
        (65, {"batch_size": 64}, [0, 65]),
        (1, {"batch_size": 64}, [0, 1]),
        (3, {"batch_size": 1}, [0, 1, 2, 3]),
        (100, {"batch_size": 8, "accumulate": 4}, [0, 32, 64, 96, 100]),
        (97, {"batch_size": 8, "accumulate": 4}, [0, 32, 64, 97]),
        (1000, {"batch_size": "all", "accumulate": 4}, [0, 1000]),
        (0, {"batch_size": "all"}, [0]),
    ],
)
def test_steps_of_an_epoch(num_rows, options, bounds):
    assert step_bounds(num_rows, Optimisation(**options)) == bounds
