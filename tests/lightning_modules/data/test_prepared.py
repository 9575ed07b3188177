"""Several processes map the rows that one of them prepared."""

import pandas as pd
import pytest
import torch
from torch import Tensor

from leyden.spec import model
from leyden.spec.model import Choice
from lightning_modules.data.batches import Rows
from lightning_modules.data.fitted import Fitted
from lightning_modules.data.preparation import Preparation
from lightning_modules.data.prepared import Prepared
from lightning_modules.data.stored import Stored, take
from lightning_modules.tasks.build import fit_task

FRAME = pd.DataFrame(
    {
        "size": [1.0, 2.5, None, 4.0],
        "colour": ["red", "blue", "red", None],
        "note": ["a short one", "another note, longer than that", "", "one"],
        "kind": ["rose", "tulip", "rose", "tulip"],
    }
)
KINDS = {"size": "number", "colour": "category", "note": "text"}


@pytest.fixture
def prepared() -> Prepared:
    preparation = Preparation.fit(FRAME, KINDS, model.Preparation())
    fitted = Fitted(preparation, fit_task(Choice(name="classification"), FRAME["kind"]))
    rows = Rows(preparation.transform(FRAME), torch.tensor(fitted.task.encode(FRAME["kind"])))
    return Prepared(rows, Rows(preparation.transform(FRAME[:2]), rows.target[:2]), fitted)


def tensors_of(rows: Rows) -> dict[str, Tensor]:
    taken = take(rows.inputs, torch.arange(len(rows)))
    named = {f"{modality}.{name}": tensor for modality, group in taken.items() for name, tensor in group.items()}
    return {**named, "target": rows.target}


def test_the_rows_come_back_and_need_the_file_no_more(prepared: Prepared, tmp_path):
    file = tmp_path / "rows.pt"
    prepared.save(file)
    loaded = Prepared.load(file)
    file.unlink()
    assert loaded.fitted.to_plain() == prepared.fitted.to_plain()
    for before, after in ((prepared.train, loaded.train), (prepared.val, loaded.val)):
        expected, found = tensors_of(before), tensors_of(after)
        assert expected.keys() == found.keys() and len(expected) == 4
        for name, tensor in expected.items():
            assert torch.equal(found[name], tensor), name


def test_pictures_are_mapped_from_the_file_that_holds_them(prepared: Prepared, tmp_path):
    pixels = torch.arange(5 * 3 * 2 * 2, dtype=torch.uint8).view(5, 3, 2, 2)
    (tmp_path / "a.pixels").write_bytes(pixels.numpy().tobytes())
    stored = Stored(pixels, torch.tensor([4, 0, 2]), tmp_path / "a.pixels")
    again = Stored.from_plain(stored.to_plain())
    assert "tensor" not in stored.to_plain()
    assert torch.equal(again.take(torch.tensor([0, 2])), pixels[[4, 2]])
    (tmp_path / "a.pixels").write_bytes(bytes(pixels.numel()))
    assert not again.take(torch.tensor([0, 1, 2])).any(), "no copy of it is kept"
