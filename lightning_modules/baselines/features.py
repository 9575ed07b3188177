"""Columns as scikit-learn's models read them, kind by kind. Cells mean what they mean to the networks. No torch."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
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
from leyden.datasets.values import category_strings, date_values, number_values, seconds_of, text_strings
from leyden.home import Home
from lightning_modules.data.datetime import DAY_S, PARTS

MAX_ONE_HOT = 100
MAX_TREE_VALUES = 250
"""Gradient boosting takes at most 255 values of a category."""
MAX_WORDS = 50_000
WORD = r"(?u)\b\w+\b"
"""Words of one letter are words, too: scikit-learn drops them."""
MAX_PICTURES = 5_000
GRAY_SIDE = 16
NO_VALUE = "\x00"
"""A missing category is one of its own; no text from a file holds this sign."""

Read = Callable[[pd.DataFrame], np.ndarray]


@dataclass(frozen=True)
class KindFeatures:
    """What scikit-learn's models see of the columns of one kind."""

    linear: Callable[[Home, Profile, list[str]], Any]
    """Makes the transformer of these columns for a linear model: everything scaled."""
    tree: Callable[[], Any] | None = None
    """Makes the one for decision trees; None: they do not see this kind."""
    is_category: bool = False
    """Whether trees get codes whose order means nothing."""
    has_words: bool = False
    """Whether a linear model gets a column for every word."""
    most_rows: int | None = None
    """Training rows that are read in reasonable time; None: no fewer than otherwise."""


def linear_features(home: Home, inputs: Mapping[str, ColumnKind], profile: Profile) -> ColumnTransformer:
    """All columns, scaled."""
    return ColumnTransformer(
        [(kind, KINDS[kind].linear(home, profile, columns), columns) for kind, columns in _by_kind(inputs).items()]
    )


def tree_features(inputs: Mapping[str, ColumnKind]) -> tuple[ColumnTransformer, int]:
    """The columns that trees can read, categories first; and the number of categories."""
    seen = {kind: columns for kind, columns in _by_kind(inputs).items() if KINDS[kind].tree is not None}
    order = sorted(seen, key=lambda kind: not KINDS[kind].is_category)
    blocks = [(kind, make(), seen[kind]) for kind in order if (make := KINDS[kind].tree)]
    return ColumnTransformer(blocks), sum(len(seen[kind]) for kind in order if KINDS[kind].is_category)


def _by_kind(inputs: Mapping[str, ColumnKind]) -> dict[ColumnKind, list[str]]:
    """The columns of each kind that there is, in the order of the table."""
    groups = {kind: [name for name, its in inputs.items() if its == kind] for kind in KINDS}
    return {kind: columns for kind, columns in groups.items() if columns}


def _scaled(read: Read) -> Any:
    """Gaps get the median, and a column that says so."""
    imputer = SimpleImputer(strategy="median", add_indicator=True, keep_empty_features=True)
    return make_pipeline(FunctionTransformer(read), imputer, StandardScaler())


def _one_hot() -> Any:
    encoder = OneHotEncoder(handle_unknown="infrequent_if_exist", max_categories=MAX_ONE_HOT)
    return make_pipeline(FunctionTransformer(_categories), encoder)


def _codes() -> Any:
    encoder = OrdinalEncoder(
        handle_unknown="use_encoded_value",
        unknown_value=np.nan,
        encoded_missing_value=np.nan,
        max_categories=MAX_TREE_VALUES,
    )
    return make_pipeline(FunctionTransformer(_categories), encoder)


def _words(profile: Profile, columns: list[str]) -> ColumnTransformer:
    """Each column with words of its own."""
    # Not called like the columns: scikit-learn does not take every name.
    return ColumnTransformer(
        [
            (f"text {place}", make_pipeline(FunctionTransformer(text_strings), _tf_idf(profile, name)), name)
            for place, name in enumerate(columns)
        ]
    )


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
        days = seconds_of(moments) / DAY_S
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


KINDS: Mapping[ColumnKind, KindFeatures] = {
    "number": KindFeatures(
        linear=lambda home, profile, columns: _scaled(_numbers),
        tree=lambda: FunctionTransformer(_numbers),
    ),
    "datetime": KindFeatures(
        linear=lambda home, profile, columns: _scaled(_dates),
        tree=lambda: FunctionTransformer(_dates),
    ),
    "category": KindFeatures(
        linear=lambda home, profile, columns: _one_hot(),
        tree=_codes,
        is_category=True,
    ),
    "image": KindFeatures(
        linear=lambda home, profile, columns: make_pipeline(
            FunctionTransformer(partial(_gray_pixels, home)), StandardScaler()
        ),
        most_rows=MAX_PICTURES,
    ),
    "text": KindFeatures(
        linear=lambda home, profile, columns: _words(profile, columns),
        has_words=True,
    ),
}
"""One entry per kind that a network can read."""
