"""Rows of a request as a frame, and predictions as JSON."""

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from leyden.datasets.image import open_rgb
from leyden.datasets.profile import ColumnKind
from leyden.engine.service import MOST_ROWS
from leyden.errors import DataError
from leyden.prediction.columns import PREDICTION, probability_column
from lightning_modules.data.kinds import Kind, Scalar, hold_only_files, kind_of
from lightning_modules.data.unseen import Unseen
from lightning_modules.predictor import Predictor

MOST_WARNINGS = 1000
OF_ONE_ROW = {"no_value_is_number": "row_no_number", "no_value_is_date": "row_no_date"}
"""What is said of rows instead of sentences that are made for whole columns."""
UNREADABLE = {"number_unreadable": "row_no_number", "date_unreadable": "row_no_date"}
"""What counts as missing in a file, and is refused here: who sends a row means something by each of its values."""


def answer(predictor: Predictor, body: bytes) -> dict[str, Any]:
    """Predicts the rows of a request.

    Raises:
        DataError: The request is not as it must be, or its rows are not what the model was trained on.
    """
    frame = read_rows(body, predictor.spec.data.inputs)
    try:
        unseen = predictor.unseen(frame)
        _require_readable(unseen, len(frame))
        predictions = predictor.predict(frame)
    except DataError as error:
        if found := _find_bad_picture(frame, predictor.spec.data.inputs):
            raise found from error
        code = OF_ONE_ROW.get(error.message.code)
        if code is None:
            raise
        params = error.message.params
        raise DataError(code, **{**params, "column": _place(params["column"], 0, len(frame))}) from error
    return {
        "predictions": _predictions(predictions, predictor.classes),
        "warnings": _warnings(unseen),
    }


def read_rows(body: bytes, inputs: Mapping[str, ColumnKind]) -> pd.DataFrame:
    """The rows of a request's JSON, with the columns that a model reads.

    Args:
        body: `{"rows": [{column: value}]}`; numbers may be texts, dates are ISO 8601, pictures are base64.
        inputs: The model's columns and their kinds.

    Raises:
        DataError: It is not that, has no or too many rows, or a row lacks columns.
    """
    rows = _parse(body)
    for number, row in enumerate(rows):
        if missing := [name for name in inputs if name not in row]:
            raise DataError("row_lacks_columns", row=number, columns=", ".join(missing))
    if hold_only_files(inputs.values()):
        _require_files(rows, inputs)
    columns = {name: _column(rows, name, kind_of(kind)) for name, kind in inputs.items()}
    return pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in columns.items()})


def _parse(body: bytes) -> Sequence[Mapping[str, Any]]:
    try:
        content = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise DataError("request_not_json", detail=f"it cannot be read as JSON ({error})") from error
    rows = content.get("rows") if isinstance(content, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise DataError("request_not_json", detail='found no list of objects under "rows"')
    if not rows:
        raise DataError("request_no_rows")
    if len(rows) > MOST_ROWS:
        raise DataError("request_too_many", most=MOST_ROWS, rows=len(rows))
    return rows


def _column(rows: Sequence[Mapping[str, Any]], name: str, kind: Kind) -> list[object]:
    """The values of a column; None where there is none."""
    values: list[object] = []
    for number, row in enumerate(rows):
        value = row[name]
        if not isinstance(value, Scalar | None):
            detail = f"rows[{number}] must have a number, a text, true, false or null as '{name}'"
            raise DataError("request_not_json", detail=detail)
        if isinstance(value, str) and not _is_text(value):
            raise DataError("request_not_json", detail=f"rows[{number}] has half a character as '{name}'")
        if value is None or (isinstance(value, float) and math.isnan(value)):
            values.append(None)
        else:
            values.append(kind.from_json(value, column=name, row=number))
    return values


def _is_text(value: str) -> bool:
    """False where a surrogate stands alone, which JSON can write and UTF-8 cannot."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _require_files(rows: Sequence[Mapping[str, Any]], inputs: Mapping[str, ColumnKind]) -> None:
    """Beside other inputs a picture may be missing; alone, there would be nothing to answer by."""
    for number, row in enumerate(rows):
        for name in inputs:
            if row[name] is None:
                raise DataError("picture_missing_row", column=name, row=number)


def _find_bad_picture(frame: pd.DataFrame, inputs: Mapping[str, ColumnKind]) -> DataError | None:
    """The first picture that cannot be read, by its column and, of several rows, its row."""
    columns = [name for name, kind in inputs.items() if kind_of(kind).HOLDS_FILES]
    for name in columns:
        for row, picture in enumerate(frame[name]):
            try:
                if isinstance(picture, bytes):
                    open_rgb(picture)
            except DataError as error:
                return DataError(
                    error.message.code, **{**error.message.params, "name": _place(name, row, len(frame))}
                )
    return None


def _require_readable(unseen: list[Unseen], num_rows: int) -> None:
    for kind in unseen:
        for row, message in kind.messages(1) if kind.code in UNREADABLE else ():
            column = _place(kind.column, row, num_rows)
            raise DataError(UNREADABLE[kind.code], column=column, found=message.params["value"])


def _place(column: object, row: int, num_rows: int) -> str:
    """How a value of a request is called; of a single row, by its column alone."""
    return f"rows[{row}].{column}" if num_rows > 1 else str(column)


def _predictions(frame: pd.DataFrame, classes: tuple[str, ...] | None) -> list[dict[str, Any]]:
    answers = frame[PREDICTION].tolist()
    if classes is None:
        return [{"prediction": _finite(value)} for value in answers]
    shares = frame[list(map(probability_column, classes))].to_numpy(dtype=float).tolist()
    return [
        {"prediction": name, "probabilities": dict(zip(classes, map(_finite, row), strict=True))}
        for name, row in zip(answers, shares, strict=True)
    ]


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _warnings(found: list[Unseen]) -> list[dict[str, Any]]:
    """Which values were not seen in training, row by row."""
    warnings: list[dict[str, Any]] = [
        {"row": row, "column": kind.column, "code": kind.code, "message": message.text}
        for kind in found
        for row, message in kind.messages(MOST_WARNINGS)
    ]
    return sorted(warnings, key=lambda warning: warning["row"])[:MOST_WARNINGS]
