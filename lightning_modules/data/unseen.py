"""What rows hold that no training row held: there the model's answer is a guess, and people are told so."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from leyden.messages.render import Message, Param

LONGEST_VALUE = 60


@dataclass(frozen=True)
class Unseen:
    """One way in which values of a column are unlike all that was seen in training.

    Args:
        code: A sentence of `leyden.messages.predict`, with `{column}` and, where it helps, `{value}`.
        column: The column.
        rows: (N,) bool, which rows it is true of.
        values: (N,) what stands in the sentence as the value.
        params: What else stands in it.
        each: What else stands in it and differs from row to row, (N,) each.
    """

    code: str
    column: str
    rows: np.ndarray
    values: pd.Series
    params: Mapping[str, Param] = field(default_factory=dict)
    each: Mapping[str, Sequence[Param]] = field(default_factory=dict)

    def messages(self, most: int) -> Iterator[tuple[int, Message]]:
        """The sentences of the first rows it is true of, each with the row's position."""
        for position in np.flatnonzero(self.rows)[:most].tolist():
            value = _shown(self.values.iloc[position])
            each = {name: values[position] for name, values in self.each.items()}
            params = {**self.params, **each, "column": self.column, "value": value}
            yield position, Message(code=self.code, params=params)


def _shown(value: object) -> Param:
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or value is pd.NA or value is pd.NaT or value != value:
        return None  # A file's blank cell is NaN, which no JSON has.
    if isinstance(value, int) or (isinstance(value, float) and np.isfinite(value)):
        return value
    text = str(value)
    return text if len(text) <= LONGEST_VALUE else f"{text[: LONGEST_VALUE - 1]}…"
