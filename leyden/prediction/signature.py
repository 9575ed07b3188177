"""What a model asks for and what it answers, as a small file beside its checkpoint: forms need no torch to read it."""

from pydantic import Field, ValidationError

from leyden.datasets.profile import ColumnKind
from leyden.home import Home
from leyden.records import Record
from leyden.run_folder import SIGNATURE


class InputColumn(Record):
    """One column that a model reads, with what its training rows held."""

    name: str
    kind: ColumnKind
    has_gaps: bool = Field(True, description="Whether training rows lacked it, so that the model knows gaps")
    low: float | None = Field(None, description="Smallest number")
    high: float | None = Field(None, description="Largest number")
    earliest: str | None = Field(None, description="First moment, ISO 8601")
    latest: str | None = Field(None, description="Last moment, ISO 8601")
    values: tuple[str, ...] = Field((), description="Categories that the model knows, most frequent first")
    default: float | str | None = Field(None, description="The median, or the most frequent category")


class Residuals(Record):
    """How far the truth lay from the answer on the validation rows: 9 of 10 within these bounds."""

    low: float
    high: float
    num_rows: int


class Signature(Record):
    """A model's inputs and outputs."""

    version: int = 1
    step: int = Field(description="Of the checkpoint that it describes")
    task: str
    target: str
    columns: tuple[InputColumn, ...]
    classes: tuple[str, ...] | None = None
    residuals: Residuals | None = None

    def column(self, name: str) -> InputColumn | None:
        """The column of this name, or None."""
        return next((column for column in self.columns if column.name == name), None)


def read_signature(home: Home, run_id: str) -> Signature | None:
    """The signature of a run's model; None when it was not written yet, or by another version."""
    try:
        return Signature.model_validate_json((home.run(run_id) / SIGNATURE).read_bytes())
    except (OSError, ValidationError):
        return None
