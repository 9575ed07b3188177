"""Category columns as tensors: one index per value that the training rows have."""

from typing import ClassVar, Literal

import numpy as np
import pandas as pd

from leyden.datasets import profile
from leyden.datasets.read import category_strings
from leyden.prediction.signature import InputColumn
from leyden.records import Record
from leyden.spec.model import Preparation
from lightning_modules.data.kinds import Scalar
from lightning_modules.data.unseen import Unseen

HOLDS_FILES = False
SIZE_IS_LEARNT = True

UNKNOWN = 0
MISSING = 1


class CategoryColumn(Record):
    """A fitted category column: (N,) int64.

    Index 0 is 'unknown': values that no training row has, or too few; index 1 is 'missing', when training rows
    have gaps (without such rows a gap is unknown, too); then come the values, most frequent first.
    """

    tensor: ClassVar[str] = "categories"

    kind: Literal["category"] = "category"
    name: str
    values: tuple[str, ...]
    has_gaps: bool
    has_unknown: bool
    """Whether training rows hold unknown values, so that the network learns what to make of them."""

    @classmethod
    def fit(cls, values: pd.Series, options: Preparation) -> "CategoryColumn":
        """Learns the values from the column's training rows."""
        strings = category_strings(values)
        counts = strings.value_counts()
        # Ties in alphabetical order: the order of rows must not decide.
        order = sorted(counts.items(), key=lambda item: (-item[1], str(item[0])))
        kept = [str(value) for value, count in order if count >= options.categories.min_count]
        kept = kept[: options.categories.max_values]
        return cls(
            name=str(values.name),
            values=tuple(kept),
            has_gaps=bool(strings.isna().any()),
            has_unknown=len(kept) < len(counts),
        )

    @classmethod
    def outline(cls, column: profile.Column, options: Preparation) -> "CategoryColumn":
        """A column of about the right cardinality, from what the profile knows; it is not for transforming."""
        limits = options.categories
        num_rare = sum(entry.count < limits.min_count for entry in column.values)
        num_values = min(limits.max_values, max(0, column.num_distinct - num_rare))
        values = tuple(str(index) for index in range(num_values))
        return cls(name=column.name, values=values, has_gaps=column.num_missing > 0, has_unknown=num_rare > 0)

    @staticmethod
    def check(values: pd.Series) -> None:
        """Every value can be a category."""

    @property
    def cardinality(self) -> int:
        """Indices are below this."""
        return 1 + self.has_gaps + len(self.values)

    def describe(self) -> InputColumn:
        """What a person who types a row is told."""
        default = self.values[0] if self.values else None
        return InputColumn(
            name=self.name, kind=self.kind, has_gaps=self.has_gaps, values=self.values, default=default
        )

    def unseen(self, values: pd.Series) -> list[Unseen]:
        """Values unlike all that training rows held, or enough of them."""
        is_missing = category_strings(values).isna().to_numpy()
        is_unknown = self.transform(values) == UNKNOWN
        found = [Unseen("category_unseen", self.name, is_unknown & ~is_missing, values)]
        if not self.has_gaps:
            found.append(Unseen("category_missing", self.name, is_missing, values))
        return found

    def transform(self, values: pd.Series) -> np.ndarray:
        """The index of each value."""
        strings = category_strings(values)
        found = pd.Index(self.values, dtype=object).get_indexer(pd.Index(strings.astype(object)))
        indices = np.where(found >= 0, found + 1 + self.has_gaps, UNKNOWN)
        if self.has_gaps:
            indices[strings.isna().to_numpy()] = MISSING
        return indices.astype(np.int64)


def from_json(value: Scalar, *, column: str, row: int) -> object:
    """Whatever it is: 1, "1" and 1.0 are one category."""
    return value


COLUMN = CategoryColumn
