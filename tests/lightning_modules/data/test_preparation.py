import json

import numpy as np
import pandas as pd
import pytest
import torch

from leyden.datasets.read import load_profile
from leyden.errors import DataError
from leyden.spec import model
from lightning_modules.data.preparation import Preparation
from lightning_modules.data.tabular import UNKNOWN_SHARE
from tests.lightning_modules.workspace import add_table, flowers

KINDS = {"length": "number", "colour": "category", "width": "number", "day": "datetime"}


def frame():
    return flowers().assign(day=pd.date_range("2020-01-01", periods=120))


def fit(options=None):
    return Preparation.fit(frame(), KINDS, options or model.Preparation())


def test_columns_become_two_tensors_as_the_inputs_say():
    preparation = fit()
    tensors = preparation.transform(frame())["tabular"]
    inputs = preparation.inputs["tabular"]
    assert tensors["numbers"].tensor.shape == (120, inputs.num_numbers)
    assert tensors["numbers"].tensor.dtype == torch.float32
    assert inputs.cardinalities == (5,)  # unknown, missing, and three colours
    assert tensors["categories"].tensor.max() < 5


def test_plain_data_is_json_and_transforms_identically():
    preparation = fit(model.Preparation(numbers=model.Numbers(scaling="quantile")))
    again = Preparation.from_plain(json.loads(json.dumps(preparation.to_plain())))
    one, other = (p.transform(frame())["tabular"] for p in (preparation, again))
    assert torch.equal(one["numbers"].tensor, other["numbers"].tensor)
    assert torch.equal(one["categories"].tensor, other["categories"].tensor)


def test_rows_that_were_not_fitted_on_decide_nothing():
    strange = frame().assign(length=1e6, colour="green", day=pd.Timestamp("1999-01-01"))
    fitted = fit()
    before = fitted.to_plain()
    fitted.transform(strange)
    assert fitted.to_plain() == before == fit().to_plain()


def test_missing_columns_are_named_and_extra_ones_ignored():
    fit().check(frame().assign(extra=1))
    with pytest.raises(DataError, match="missing: length, day"):
        fit().check(frame().drop(columns=["length", "day"]))


def test_training_shows_some_categories_as_unknown():
    preparation = fit()
    assert preparation.num_random == 1
    tensors = {"tabular": {"numbers": torch.zeros(1000, 1), "categories": torch.full((1000, 1), 3)}}
    random = torch.linspace(0, 1, 1000)[:, None]
    shown = preparation.finish(tensors, random)["tabular"]["categories"]
    assert (shown == 0).float().mean() == pytest.approx(UNKNOWN_SHARE, abs=0.002)
    assert (preparation.finish(tensors)["tabular"]["categories"] == 3).all()


def test_rare_values_teach_unknown_and_none_is_hidden():
    options = model.Preparation(categories=model.Categories(max_values=2))
    assert fit(options).num_random == 0


def test_the_outline_from_a_profile_has_the_shapes_of_the_fitted_one(home, store):
    add_table(home, store, frame())
    outline = Preparation.outline(
        load_profile(home, "d1"), KINDS, model.Preparation(), lambda columns: frame()[columns]
    )
    assert outline.inputs == fit().inputs
    blank = outline.modalities["tabular"].blank(3)
    assert blank["numbers"].shape == (3, outline.inputs["tabular"].num_numbers)


def test_an_unseen_category_predicts_like_unknown():
    one = fit().transform(frame().assign(colour="never seen"))["tabular"]["categories"].tensor
    assert np.unique(one).tolist() == [0]
