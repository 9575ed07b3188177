"""The page of one run: which run, and which of its tabs."""


def named(store, name):
    return store.runs.get(next(run.id for run in store.runs.list() if run.name == name))


def open_tab(at, name):
    at.query_params["tab"] = name.lower()
    at.run()
    assert not at.exception, at.exception
    return at
