"""The page of one run: which run, and which of its tabs."""

import zipfile


def write_checkpoint(path):
    """A file that is whole, as far as pages look at it."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("data.pkl", b"x" * 2048)


def named(store, name):
    return store.runs.get(next(run.id for run in store.runs.list() if run.name == name))


def open_tab(at, name):
    at.query_params["tab"] = name.lower()
    at.run()
    assert not at.exception, at.exception
    return at
