from leyden.datasets.class_folders import Place, find_places


def places(*names: str) -> list[tuple[str, str | None, str | None]]:
    return [(place.file, place.label, place.part) for place in find_places(names)]


def test_class_folders():
    assert places("cat/1.png", "dog/2.png") == [("cat/1.png", "cat", None), ("dog/2.png", "dog", None)]


def test_folders_that_all_share_are_left_out():
    assert places("data/pets/cat/1.png", "data/pets/dog/2.png")[1] == ("dog/2.png", "dog", None)


def test_one_class_is_no_common_folder():
    assert places("cat/1.png", "cat/2.png")[0] == ("cat/1.png", "cat", None)


def test_folders_below_a_class_belong_to_it():
    assert places("cat/big/1.png", "dog/2.png", "dog/3.png")[0] == ("cat/big/1.png", "cat", None)


def test_parts():
    names = ["pets/Train/cat/1.png", "pets/Train/dog/2.png", "pets/validation/cat/3.png", "pets/test/dog/4.png"]
    found = find_places(names)
    assert [place.part for place in found] == ["train", "train", "val", "test"]
    assert [place.label for place in found] == ["cat", "dog", "cat", "dog"]
    assert found[0].file == "Train/cat/1.png"


def test_unlabelled_test_pictures():
    found = find_places(["train/cat/1.png", "train/dog/2.png", "train/dog/3.png", "test/4.png"])
    assert found[3] == Place("test/4.png", None, "test")


def test_classes_called_train_are_classes():
    assert [place.label for place in find_places(["train/1.png", "bus/2.png"])] == ["train", "bus"]
    assert [place.label for place in find_places(["train/a/1.png", "bus/b/2.png"])] == ["train", "bus"]


def test_training_pictures_alone_are_no_split():
    assert places("train/cat/1.png", "train/dog/2.png")[0] == ("cat/1.png", "cat", None)


def test_pictures_outside_of_classes():
    assert [place.label for place in find_places(["1.png", "cat/2.png"])] == [None, "cat"]


def test_the_same_name_written_by_two_systems_is_one_class():
    labels = {place.label for place in find_places(["cafe\u0301/1.png", "caf\u00e9/2.png"])}
    assert labels == {"café"}
