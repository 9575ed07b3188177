"""Columns as scikit-learn's models read them. Cells mean here what they mean to the networks. No torch."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from PIL import Image
from sklearn.compose import ColumnTransformer
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, OrdinalEncoder, StandardScaler

from leyden.datasets.image import open_rgb
from leyden.datasets.profile import ColumnKind, Profile
from leyden.datasets.values import category_strings, date_values, number_values, text_strings
from leyden.home import Home
from lightning_modules.data.datetime import PARTS

MAX_ONE_HOT = 100
MAX_TREE_VALUES = 250
"""Gradient boosting takes at most 255 values of a category."""
MAX_WORDS = 50_000
WORD = r"(?u)\b\w+\b"
"""Words of one letter are words, too: scikit-learn drops them."""
GRAY_SIDE = 16
NO_VALUE = "\x00"
"""A missing category is one of its own; no text from a file holds this sign."""


def linear_features(home: Home, inputs: Mapping[str, ColumnKind], profile: Profile) -> ColumnTransformer:
    """Everything scaled: numbers, dates, categories as 0 and 1, texts as TF-IDF, pictures as gray pixels."""
    numbers = make_pipeline(
        SimpleImputer(strategy="median", add_indicator=True, keep_empty_features=True), StandardScaler()
    )
    one_hot = OneHotEncoder(handle_unknown="infrequent_if_exist", max_categories=MAX_ONE_HOT)
    of_kind: dict[ColumnKind, Any] = {
        "number": make_pipeline(FunctionTransformer(_numbers), numbers),
        "datetime": make_pipeline(FunctionTransformer(_dates), numbers),
        "category": make_pipeline(FunctionTransformer(_categories), one_hot),
        "image": make_pipeline(FunctionTransformer(partial(_gray_pixels, home)), StandardScaler()),
    }
    blocks: list[Any] = [
        (kind, block, columns) for kind, block in of_kind.items() if (columns := _of(kind, inputs))
    ]
    for place, name in enumerate(_of("text", inputs)):
        text = make_pipeline(FunctionTransformer(text_strings), _tf_idf(profile, name))
        blocks.append((f"text {place}", text, name))
    return ColumnTransformer(blocks)


def tree_features(inputs: Mapping[str, ColumnKind]) -> tuple[ColumnTransformer, int]:
    """Category codes first, then numbers and dates as they are; and the number of categories."""
    codes = OrdinalEncoder(
        handle_unknown="use_encoded_value",
        unknown_value=np.nan,
        encoded_missing_value=np.nan,
        max_categories=MAX_TREE_VALUES,
    )
    of_kind: dict[ColumnKind, Any] = {
        "category": make_pipeline(FunctionTransformer(_categories), codes),
        "number": FunctionTransformer(_numbers),
        "datetime": FunctionTransformer(_dates),
    }
    blocks = [(kind, block, columns) for kind, block in of_kind.items() if (columns := _of(kind, inputs))]
    return ColumnTransformer(blocks), len(_of("category", inputs))


def _of(kind: ColumnKind, inputs: Mapping[str, ColumnKind]) -> list[str]:
    return [name for name, its_kind in inputs.items() if its_kind == kind]


def _tf_idf(profile: Profile, name: str) -> TfidfVectorizer:
    column = profile.column(name)
    is_cjk = column is not None and column.lengths is not None and column.lengths.is_cjk
    if is_cjk:
        return TfidfVectorizer(analyzer="char", ngram_range=(1, 3), max_features=MAX_WORDS, sublinear_tf=True)
    return TfidfVectorizer(token_pattern=WORD, ngram_range=(1, 2), max_features=MAX_WORDS, sublinear_tf=True)


def _numbers(frame: pd.DataFrame) -> np.ndarray:
    return np.stack([number_values(frame[name]).to_numpy() for name in frame], axis=1)


def _categories(frame: pd.DataFrame) -> np.ndarray:
    columns = (category_strings(frame[name]).fillna(NO_VALUE).to_numpy(dtype=object) for name in frame)
    return np.stack(list(columns), axis=1)


def _dates(frame: pd.DataFrame) -> np.ndarray:
    """For each date its day since 1970 and its parts."""
    columns = []
    for name in frame:
        moments = date_values(frame[name])
        days = (moments - pd.Timestamp(0)) / pd.Timedelta(days=1)
        columns += [days, *(part(moments) for part in PARTS.values())]
    return np.stack([np.asarray(column, dtype=np.float64) for column in columns], axis=1)


def _gray_pixels(home: Home, frame: pd.DataFrame) -> np.ndarray:
    """(N, columns x 256) in 0 to 1; a missing picture is black."""
    columns = [np.stack([_gray(home, sha256) for sha256 in frame[name]]) for name in frame]
    return np.concatenate(columns, axis=1)


def _gray(home: Home, sha256: object) -> np.ndarray:
    if not isinstance(sha256, str):
        return np.zeros(GRAY_SIDE**2, dtype=np.float32)
    small = open_rgb(home.media_file(sha256)).convert("L").resize((GRAY_SIDE, GRAY_SIDE), Image.Resampling.BOX)
    return np.asarray(small, dtype=np.float32).ravel() / 255
