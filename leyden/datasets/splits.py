"""Split artefacts: which row trains, which validates, which tests. Equal requests give one and the same file."""

import hashlib
import json
import uuid
from dataclasses import dataclass

import numpy as np
import pandas as pd

from leyden.datasets.profile import PART, PARTS, ROW_ID, ColumnKind, Part, Profile
from leyden.datasets.read import read_frame
from leyden.datasets.values import category_strings, number_values
from leyden.errors import DataError
from leyden.home import Home
from leyden.spec import model

FORMAT_VERSION = 1
NUM_BINS = 10
MIN_BIN_ROWS = 10
"""Rows that a bin of a number target should have, so that each part gets some of it."""


@dataclass(frozen=True)
class SplitResult:
    """A split that lies on disk, and the rows of each part."""

    hash: str
    counts: dict[Part, int]


def make_split(
    home: Home, profile: Profile, dataset_id: str, target: str, split: model.Split, *, has_separate_test: bool
) -> SplitResult:
    """The split of a dataset for a target, made where it does not exist yet.

    Rows without a target are in no part. Classes too rare to be in each part are drawn together, a number target
    is stratified by its quantiles.

    Args:
        profile: With the kinds the run uses: the target's decides how it is stratified.
        has_separate_test: The test rows are another dataset's: none are taken from this one, and those of its own
            predefined split stay unused.

    Raises:
        DataError: Predefined parts that the data does not have, or nothing left to train or validate on.
    """
    column = profile.column(target)
    if column is None:
        columns = ", ".join(column.name for column in profile.columns[:20])
        raise DataError("column_unknown", column=target, columns=columns)
    split_hash = _hash(dataset_id, target, column.kind, split, has_separate_test)
    if not home.split(split_hash).exists():
        _write(home, split_hash, _assign(home, profile, dataset_id, target, split, has_separate_test))
    parts = read_split(home, split_hash)["part"].value_counts()
    return SplitResult(split_hash, {part: int(parts.get(part, 0)) for part in PARTS})


def read_split(home: Home, split_hash: str) -> pd.DataFrame:
    """A split: `__row_id` int64, `part` text, `fold` int, by row; rows in no part are not there.

    Raises:
        DataError: There is no such split.
    """
    path = home.split(split_hash)
    if not path.is_file():
        raise DataError("split_missing", split=split_hash)
    return pd.read_parquet(path)


def _hash(dataset_id: str, target: str, kind: ColumnKind, split: model.Split, has_separate_test: bool) -> str:
    asked = [FORMAT_VERSION, dataset_id, target, kind, split.model_dump(mode="json"), has_separate_test]
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()[:16]


def _write(home: Home, split_hash: str, parts: pd.Series) -> None:
    frame = pd.DataFrame({ROW_ID: parts.index.to_numpy("int64"), "part": parts.to_numpy(str), "fold": 0})
    path = home.split(split_hash)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(f".{uuid.uuid4().hex}")
    frame.to_parquet(temporary, index=False)
    temporary.replace(path)


def _assign(
    home: Home, profile: Profile, dataset_id: str, target: str, split: model.Split, has_separate_test: bool
) -> pd.Series:
    """The part of each row that has a target, by row id in row order."""
    is_predefined = split.method == "predefined"
    if is_predefined and not profile.parts:
        raise DataError("no_predefined_parts")
    frame = read_frame(home, dataset_id, columns=[target, PART] if is_predefined else [target])
    column = profile.column(target)
    is_number = column is not None and column.kind == "number"
    values = number_values(frame[target]) if is_number else category_strings(frame[target])
    values = values[values.notna()]
    strata = _strata(values, is_number) if split.method != "random" else pd.Series("", index=values.index)
    if is_predefined:
        parts = _predefined(frame[PART].loc[values.index], strata, split, has_separate_test)
    else:
        parts = _drawn(strata, split, has_separate_test)
    counts = parts.value_counts()
    if not counts.get("train") or not counts.get("val"):
        raise DataError("split_too_small", rows=len(values), column=target)
    return parts


def _drawn(strata: pd.Series, split: model.Split, has_separate_test: bool) -> pd.Series:
    """Parts drawn at random within strata: first the test rows, so that they are the same for any validation."""
    parts = pd.Series("train", index=strata.index)
    num_test = 0 if has_separate_test else round(split.test_fraction * len(strata))
    if num_test:
        parts[_draw(strata, num_test, split.seed)] = "test"
    rest = strata[parts == "train"]
    num_val = max(1, round(split.val_fraction * len(strata)))
    parts[_draw(rest, num_val, split.seed)] = "val"
    return parts


def _predefined(own: pd.Series, strata: pd.Series, split: model.Split, has_separate_test: bool) -> pd.Series:
    """The parts that the data came with; validation rows are drawn from training when it has none."""
    parts = own[own.notna()]
    if has_separate_test:
        parts = parts[parts != "test"]
    if not (parts == "val").any():
        train = strata[parts[parts == "train"].index]
        parts = parts.copy()
        parts[_draw(train, max(1, round(split.val_fraction * len(train))), split.seed)] = "val"
    return parts


def _draw(strata: pd.Series, count: int, seed: int) -> pd.Index:
    """Row ids of `count` rows, each stratum giving its share where that is possible."""
    from sklearn.model_selection import train_test_split

    count = min(count, len(strata) - 1)
    if count < 1:
        raise DataError("split_too_small", rows=len(strata), column=str(strata.name))
    pooled = _pool_rare(strata, len(strata) / min(count, len(strata) - count))
    num_strata = pooled.nunique()
    is_possible = 1 < num_strata <= min(count, len(strata) - count) and pooled.value_counts().min() >= 2
    rows = np.arange(len(strata))
    _, drawn = train_test_split(rows, test_size=count, random_state=seed, stratify=pooled if is_possible else None)
    return strata.index[np.sort(drawn)]


def _pool_rare(strata: pd.Series, rows_per_draw: float) -> pd.Series:
    """Strata too small to give a row to each side become one; if that is still too small, part of the largest."""
    counts = strata.value_counts()
    rare = counts[counts < max(2.0, rows_per_draw / 2)]
    if rare.empty:
        return strata
    common = counts.index.difference(rare.index)
    is_enough = rare.sum() >= max(2.0, rows_per_draw / 2)
    pool = "\0rare" if is_enough or common.empty else str(counts.index[0])
    return strata.where(~strata.isin(rare.index), pool)


def _strata(values: pd.Series, is_number: bool) -> pd.Series:
    """Classes as they are, numbers as quantile bins."""
    if not is_number:
        return values.astype(str)
    num_bins = max(1, min(NUM_BINS, len(values) // MIN_BIN_ROWS))
    ranks = values.rank(method="first")
    return pd.Series((ranks - 1) * num_bins // max(1, len(values)), index=values.index).astype(str)
