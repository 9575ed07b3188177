"""Pictures from a dataset to a prediction."""

import zipfile

import pandas as pd
import pytest
import torch

import lightning_modules
from leyden.jobs.context import JobStopped
from leyden.run_folder import LAST
from lightning_modules import work
from lightning_modules.checkpoint import load_checkpoint
from lightning_modules.training import checkpoints
from lightning_modules.training.module import SupervisedModule
from tests.lightning_modules import workspace
from tests.lightning_modules.workspace import add_pictures, claim, picture

CHANGES = {
    "optimisation.epochs": 6,
    "optimisation.batch_size": 8,
    "preparation.images.size": 16,
    "architecture.image.options.width": 8,
}


class Killed(BaseException):
    """What no code catches."""


@pytest.fixture
def trained(home, store):
    frame = add_pictures(home, store, 60)
    run = workspace.submit(home, store, "label", CHANGES)
    return run, work.train(claim(home, store)), frame


def test_pictures_are_learned_and_predicted_as_reported(home, store, trained):
    run, result, frame = trained
    assert result["figures"]["accuracy"] == 1.0
    folder = home.run(run.id)
    model = lightning_modules.load(folder / "best.ckpt")
    reported = pd.read_parquet(folder / "predictions-val.parquet")
    paths = frame.loc[reported.index, ["image"]].map(home.media_file)
    predicted = model.predict(paths)
    pd.testing.assert_frame_equal(predicted, reported[predicted.columns], check_names=False, rtol=1e-4)
    images = pd.DataFrame({"image": [picture(number) for number in reported.index]}, index=reported.index)
    pd.testing.assert_frame_equal(model.predict(images), predicted, check_names=False, rtol=1e-4)

    csv = pd.read_csv(folder / "predictions-val.csv")
    assert list(csv.columns) == ["row", "file", "label", "prediction", "p_bottom", "p_top"]
    assert csv["file"].tolist() == [f"{number}.png" for number in reported.index]


def test_test_pictures_are_not_decoded_before_they_are_opened(home, store, trained):
    from leyden.datasets.splits import read_split

    run, _, _ = trained
    split = read_split(home, run.split_hash)
    done = next((home.cache / "pixels" / "d1").glob("*.done")).read_bytes()
    is_test = split["part"].reindex(range(60)) == "test"
    assert [bool(flag) for flag in done] == (~is_test).tolist()


def test_an_archive_is_predicted_line_by_line(home, store, trained, tmp_path):
    run, _, _ = trained
    archive = tmp_path / "new pictures.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for number in (101, 100, 103):
            path = tmp_path / f"{number}.png"
            picture(number).save(path)
            file.write(path, f"some folder/{number}.png")
        file.writestr("some folder/102.png", b"broken")
    out = tmp_path / "out.csv"
    payload = {"path": str(archive), "out": str(out)}
    store.jobs.add("predict", lane="light", subject=run.id, run_id=run.id, payload=payload)
    done = work.predict(claim(home, store, "light"))
    assert (done["rows"], done["unanswered"]) == (4, 1)
    lines = pd.read_csv(out)
    assert [name.rsplit("/")[-1] for name in lines["file"]] == ["100.png", "101.png", "102.png", "103.png"]
    assert lines["prediction"].fillna("").tolist() == ["top", "bottom", "", "bottom"]


def test_a_stop_while_pictures_are_read(home, store):
    add_pictures(home, store, 20)
    workspace.submit(home, store, "label", CHANGES)
    context = claim(home, store)
    workspace.request_stop(context)
    with pytest.raises(JobStopped) as stopped:
        work.train(context)
    assert stopped.value.result is None


def test_measure_a_picture_network(home, store):
    add_pictures(home, store, 20)
    run = workspace.submit(home, store, "label", {"architecture.image": "torchvision"})
    store.jobs.add("measure", lane="light", subject="x", payload={"spec": run.spec.model_dump(mode="json")})
    measured = work.measure(claim(home, store, "light"))
    assert measured["num_parameters"] > 1_000_000
    assert 2 <= len(measured["layers"]) <= 16


def test_a_killed_picture_run_goes_on_exactly(home, store, monkeypatch):
    add_pictures(home, store, 40)
    monkeypatch.setattr(checkpoints, "BETWEEN_EPOCHS_S", 0.0)
    whole = workspace.submit(home, store, "label", CHANGES)
    work.train(claim(home, store))
    broken = workspace.submit(home, store, "label", CHANGES)
    context = claim(home, store)
    count = SupervisedModule._count_step

    def count_and_die(module):
        count(module)
        if module.position.step == 10:
            raise Killed

    monkeypatch.setattr(SupervisedModule, "_count_step", count_and_die)
    with pytest.raises(Killed):
        work.train(context)
    monkeypatch.setattr(SupervisedModule, "_count_step", count)
    store.queue.mark_vanished(context.job.id, context.owner)
    work.train(claim(home, store))
    one, other = (load_checkpoint(home.run(run.id) / LAST).weights for run in (whole, broken))
    assert all(torch.equal(one[name], other[name]) for name in one)
