"""The one place that names where real sample data lies; tests that want it are skipped where it is absent."""

import os
from pathlib import Path

import pytest

SAMPLES = Path(os.environ.get("LEYDEN_SAMPLES", Path(__file__).resolve().parents[2] / "shared" / "samples"))


def sample(name: str) -> Path:
    """Path of a sample file such as `penguins/penguins.csv`; skips the calling test where it is absent."""
    path = SAMPLES / name
    if not path.exists():
        pytest.skip(f"real sample data is not present: {path}")
    return path
