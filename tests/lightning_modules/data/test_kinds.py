"""What every kind of column must have, whichever kinds there are."""

import importlib

import pandas as pd
import pytest

from leyden.catalogue import MODALITY_OF
from leyden.datasets.profile import COLUMN_KINDS, ColumnKind
from leyden.datasets.values import date_values
from lightning_modules.baselines.features import KINDS
from lightning_modules.data.kinds import hold_only_files, kind_of

READ = tuple(kind for kind in COLUMN_KINDS if kind != "ignored")


@pytest.mark.parametrize("kind", READ)
def test_every_kind_is_known_everywhere(kind: ColumnKind):
    assert callable(importlib.import_module(f"leyden.datasets.{kind}").reason), "how it is recognised"
    module = importlib.import_module(f"lightning_modules.data.{kind}")
    assert hasattr(module, "COLUMN" if MODALITY_OF[kind] == "tabular" else "PREPARATION"), "how it becomes tensors"
    assert {kind_of(kind).HOLDS_FILES, kind_of(kind).SIZE_IS_LEARNT} <= {True, False}
    assert kind in KINDS, "what baselines see of it"


@pytest.mark.parametrize(
    ("kind", "written", "value"),
    [
        ("number", "1.5", 1.5),
        ("number", True, 1.0),
        ("number", 10**400, float("inf")),
        ("number", -(10**400), float("-inf")),
        ("number", "many", "many"),
        ("category", 1, 1),
        ("category", "red", "red"),
        ("datetime", 2024, "2024"),
        ("text", 5, "5"),
        ("image", "data:image/png;base64,AAE=", b"\x00\x01"),
    ],
)
def test_values_of_a_request_are_read(kind: ColumnKind, written: str | float, value: object):
    assert kind_of(kind).from_json(written, column="a", row=0) == value


def test_a_year_without_quotes_is_no_moment_in_nanoseconds():
    value = kind_of("datetime").from_json(2024, column="a", row=0)
    assert date_values(pd.Series([value], dtype=object)).year.tolist() == [2024]


def test_rows_are_files_where_nothing_stands_beside_them():
    assert hold_only_files(["image"]) and not hold_only_files(["image", "text"]) and not hold_only_files(["text"])
