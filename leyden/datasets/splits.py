"""Splits: which rows train, validate and test, drawn once and kept as a file.

Equal questions (dataset, target, method, fractions, seed) have equal answers and share one file, so that runs are
compared on the same rows.
"""

import hashlib
import json
import uuid
from collections.abc import Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from leyden.datasets.profile import PART, PARTS, ROW_ID, Part, Profile
from leyden.errors import DataError
from leyden.home import Home
from leyden.spec.model import Split

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

FORMAT = 1
NUM_STRATA = 10
"""A number target is stratified by this many quantiles."""
FOLD = "fold"


@dataclass(frozen=True)
class SplitResult:
    """A split on disk: its name and the number of rows of each part."""

    hash: str
    counts: dict[Part, int]


def make_split(
    home: Home,
    profile: Profile,
    dataset_id: str,
    target: str,
    split: Split,
    *,
    is_number: bool,
    has_separate_test: bool,
) -> SplitResult:
    """Draws a split and writes it, unless it is there already. Rows without a target are in no part.

    Args:
        home: The workspace.
        profile: Of the dataset; knows whether it came with parts.
        dataset_id: The dataset.
        target: The column to predict.
        split: Method, fractions and seed.
        is_number: Whether the target is predicted as a number, and stratified by its quantiles, or as classes.
        has_separate_test: Whether the test rows come from another dataset; then none are taken here.

    Raises:
        DataError: A part that is needed would be empty.
    """
    question = [
        FORMAT,
        dataset_id,
        target,
        split.model_dump(mode="json"),
        has_separate_test,
        is_number,
    ]
    name = hashlib.sha256(json.dumps(question, sort_keys=True).encode()).hexdigest()[:16]
    path = home.split(name)
    if path.exists():
        path.touch()  # In use again: it must not be swept away before its run is written.
    else:
        parts = _draw(home, profile, dataset_id, target, split, is_number, has_separate_test)
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(f".{uuid.uuid4().hex}")
        parts.reset_index().to_parquet(unfinished, index=False)
        unfinished.replace(path)
    counts = read_split(home, name)["part"].value_counts()
    return SplitResult(name, {part: int(counts.get(part, 0)) for part in PARTS})


def read_split(home: Home, name: str) -> "pd.DataFrame":
    """A split: index row id, columns `part` (train, val or test) and `fold` (0 where there are no folds)."""
    import pandas as pd

    return pd.read_parquet(home.split(name)).set_index(ROW_ID)


def _draw(
    home: Home,
    profile: Profile,
    dataset_id: str,
    target: str,
    split: Split,
    is_number: bool,
    has_separate_test: bool,
) -> "pd.DataFrame":
    import pandas as pd

    from leyden.datasets.read import read_frame

    is_predefined = split.method == "predefined"
    if is_predefined and not profile.parts:
        raise DataError("no_predefined_parts")
    frame = read_frame(home, dataset_id, [target, *([PART] if is_predefined else [])])
    strata = _strata(frame[target], is_number=is_number)
    strata = strata[strata.notna()]
    part = frame.loc[strata.index, PART].dropna() if is_predefined else pd.Series("train", index=strata.index)
    part = part.astype(object)
    if has_separate_test:
        part = part[part != "test"]
    strata = strata[part.index]
    if split.method == "random":
        strata = pd.Series(0, index=strata.index)
    if not is_predefined and not has_separate_test:
        _take(part, strata, "test", split.test_fraction, split.seed)
    if not (part == "val").any():
        rest = int((part == "train").sum())
        wanted = split.val_fraction * (len(part) if not is_predefined else rest)
        _take(part, strata, "val", min(wanted / max(rest, 1), 0.9), split.seed + 1)
    for needed in ("train", "val"):
        if not (part == needed).any():
            raise DataError("part_empty", part=needed, rows=len(part), target=target)
    return pd.DataFrame({"part": part.astype(str), FOLD: 0})


def _take(part: "pd.Series", strata: "pd.Series", name: Part, fraction: float, seed: int) -> None:
    """Moves a fraction of the training rows to another part, every stratum giving its share."""
    from sklearn.model_selection import train_test_split

    rows = part.index[part == "train"].to_numpy()
    wanted = round(fraction * len(rows))
    if wanted == 0 or len(rows) < 2:
        return
    wanted = min(max(wanted, 1), len(rows) - 1)
    labels = _pooled(strata[rows], wanted)
    taken: np.ndarray = train_test_split(rows, test_size=wanted, random_state=seed, stratify=labels)[1]
    part.loc[taken] = name


def _pooled(strata: "pd.Series", wanted: int) -> "pd.Series | None":
    """Strata that scikit-learn can divide: small ones share one; None when there are too many or too few rows."""
    counts = strata.map(strata.value_counts())
    rare: Hashable = "__rare"
    pooled = strata.astype(object).where(counts >= 2, rare)
    sizes = pooled.value_counts()
    if sizes.get(rare, 2) < 2:
        pooled = pooled.where(pooled != rare, sizes.index[0])
        sizes = pooled.value_counts()
    fits = 1 < len(sizes) <= min(wanted, len(strata) - wanted)
    return pooled.astype(str) if fits else None


def _strata(values: "pd.Series", *, is_number: bool) -> "pd.Series":
    """What each row is stratified by: its class, or the quantile of its number; missing without a target."""
    import pandas as pd

    from leyden.datasets.read import category_strings

    if not is_number:
        return category_strings(values)
    numbers = pd.to_numeric(values, errors="coerce")
    ranks = numbers.rank(method="first", pct=True)
    return (ranks * NUM_STRATA).clip(upper=NUM_STRATA - 0.5).floordiv(1).where(numbers.notna())
