from collections.abc import Callable
from html import unescape
from types import SimpleNamespace

import pytest

from leyden.home import Home
from leyden.spec.model import Hardware
from leyden.store.store import Store
from tests.pages import factories
from tests.pages.conftest import OpenPage, button, texts
from tests.sessions import end_from_callbacks_on, notes
from ui.queue_jobs import SESSION


def waiting(store: Store) -> list[int]:
    return [job.id for job in store.jobs.list(states=("queued",))]


def test_an_idle_queue_says_what_would_stand_here(open_page: OpenPage, store: Store):
    page = texts(open_page("queue"))
    assert "Nothing is running, and nothing waits" in page
    assert "This machine" in page
    assert "At once" in page


def test_it_tells_what_runs_where_and_what_waits(open_page: OpenPage, filled: Store):
    page = texts(open_page("queue"))
    assert "1 running, 1 waiting" in page
    assert "running one" in page and "企鹅 等待" in page
    assert "penguins → species · CPU" in page
    assert "Automatic" in page


def test_a_waiting_run_is_moved_and_removed(open_page: OpenPage, home: Home, store: Store):
    factories.add_table(home, store)
    a, b, c = (factories.add_run(store, name=name).job.id for name in "abc")
    at = open_page("queue")
    assert at.button(key=f"queue.{a}.up").disabled and at.button(key=f"queue.{c}.down").disabled
    at.button(key=f"queue.{c}.first").click().run()
    assert waiting(store) == [c, a, b]
    at.button(key=f"queue.{c}.down").click().run()
    assert waiting(store) == [a, c, b]
    at.button(key=f"queue.{a}.remove").click().run()
    assert waiting(store) == [c, b]
    assert store.jobs.get(a).state == "stopped"


def test_a_move_is_made_by_who_leaves_at_once_and_once(open_page: OpenPage, home: Home, store: Store, monkeypatch):
    """The browser tells of it again on the way back, along with what was pressed then."""
    factories.add_table(home, store)
    a, b, c, d = (factories.add_run(store, name=name).job.id for name in "abcd")
    told = SimpleNamespace(presses=None)
    monkeypatch.setattr("ui.queue_clicks.component._CLICKS", lambda **arguments: told)
    at = open_page("queue")
    with monkeypatch.context() as patch:
        end_from_callbacks_on(patch)
        at.button(key=f"queue.{d}.up").click().run()
    assert waiting(store) == [a, b, c, d], "the page was ended before it had moved one"
    at.switch_page("../pages/runs.py").run()
    assert waiting(store) == [a, b, d, c]
    at.switch_page("../pages/queue.py").run()
    session = notes(at)[SESSION]
    told.presses = [[1000, d, "up", session], [2000, b, "up", session]]
    at.button(key=f"queue.{b}.up").click().run()
    assert waiting(store) == [b, a, d, c]
    told.presses.append([3000, c, "first", session])
    at.button(key=f"queue.{c}.first").click().run()
    assert not at.exception and waiting(store) == [c, b, a, d]


def test_presses_that_come_together_are_followed_in_their_order_and_once(
    open_page: OpenPage, home: Home, store: Store, monkeypatch: pytest.MonkeyPatch
):
    factories.add_table(home, store)
    a, b, c = (factories.add_run(store, name=name).job.id for name in "abc")
    told = SimpleNamespace(presses=None)
    monkeypatch.setattr("ui.queue_clicks.component._CLICKS", lambda **arguments: told)
    at = open_page("queue")
    session = notes(at)["queue.session"]
    # Streamlit tells of both buttons at once, and calls them in the order of the page.
    told.presses = [
        [1, c, "first", session],
        [2, b, "first", session],
        [3, a, "first", "of before"],
        [4, 7, "away", 1],
    ]
    at.button(key=f"queue.{b}.first").click()
    at.button(key=f"queue.{c}.first").click().run()
    assert waiting(store) == [b, c, a]
    at.run()
    assert waiting(store) == [b, c, a]
    told.presses = [*told.presses, [5, a, "up", session], [6, a, "up", session]]
    at.button(key=f"queue.{a}.up").click().run()
    assert waiting(store) == [a, b, c], "both of two quick presses on one button"


def test_a_run_that_can_never_start_here_says_why(open_page: OpenPage, home: Home, store: Store):
    factories.add_table(home, store)
    spec = factories.add_run(store).spec
    elsewhere = store.runs.submit(spec.model_copy(update={"hardware": Hardware(device="cuda:7")}), split_hash="s1")
    assert (
        unescape(texts(open_page("queue"))).count(
            "Cannot start here: Device 'cuda:7' must be one that this machine"
        )
        == 1
    )
    assert "Cannot start here: Device 'cuda:7'" in unescape(texts(open_page("run", run=elsewhere.id)))


def test_a_running_run_is_stopped(open_page: OpenPage, home: Home, store: Store):
    factories.add_table(home, store)
    job = factories.train(store, factories.add_run(store))
    at = open_page("queue")
    at.button(key=f"queue.{job.id}.stop").click().run()
    assert store.jobs.get(job.id).stop_request == 1
    assert at.button(key=f"queue.{job.id}.stop-now")


def test_the_pause_is_told_wherever_something_waits_for_it(open_page: OpenPage, filled: Store):
    at = open_page("queue")
    button(at, "Pause the queue").click().run()
    assert filled.settings.queue().is_paused
    assert "The queue is paused" in texts(at)
    held_up = next(row for row in filled.runs.list() if row.state == "queued")
    assert "The queue is paused" in texts(open_page("run", run=held_up.id))
    assert "The queue is paused" in texts(open_page("home"))
    button(at, "Go on").click().run()
    assert "The queue is paused" not in texts(open_page("home"))


def test_the_number_of_slots_is_a_setting(open_page: OpenPage, store: Store):
    at = open_page("queue")
    at.number_input(key="queue.cpu_runs").set_value(3).run()
    assert store.settings.queue().cpu_runs == 3
    assert store.settings.queue().light_jobs == 2
    # Another page changed it meanwhile.
    store.settings.change_queue(cpu_runs=5)
    assert open_page("queue").number_input[0].value == 5


@pytest.mark.parametrize(("typed", "told"), [(999, "999"), (0, "0"), (-1234, "-1,234")])
def test_a_number_of_slots_out_of_bounds_is_refused_with_the_bounds(
    open_page: OpenPage, store: Store, typed: int, told: str
):
    store.settings.change_queue(cpu_runs=3)
    at = open_page("queue")
    at.number_input(key="queue.cpu_runs").set_value(typed).run()
    assert not at.exception and store.settings.queue().cpu_runs == 3
    sentence = f"'Runs on the processor' must be a whole number from 1 to 32, but is {told}; it stays at 3."
    assert unescape(texts(at)).count(sentence) == 1
    field = at.number_input[0]
    assert field.value == 3, "what holds"
    field.set_value(32).run()
    assert store.settings.queue().cpu_runs == 32 and "must be a whole number" not in texts(at)


def test_who_comes_back_does_not_read_again_what_was_refused(open_page: OpenPage, store: Store):
    at = open_page("queue")
    at.number_input(key="queue.cpu_runs").set_value(999).run()
    assert "must be a whole number" in texts(at)
    at.run()
    assert "must be a whole number" in texts(at), "as long as the page is open"
    at.switch_page("../pages/data.py").run()
    at.switch_page("../pages/queue.py").run()
    assert not at.exception and "must be a whole number" not in texts(at)


@pytest.mark.parametrize(
    ("happens", "is_redrawn"),
    [
        (lambda store: None, False),
        (lambda store: store.settings.change_queue(is_paused=True), True),
        (lambda store: store.settings.change_queue(cpu_runs=4), True),
        (lambda store: factories.start(store, "light"), True),
    ],
)
def test_the_whole_page_follows_what_happens_elsewhere(
    open_page: OpenPage,
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
    happens: Callable[[Store], object],
    is_redrawn: bool,
):
    """The part that refreshes ends, which draws all of the page again, when the rest of it has become wrong."""
    factories.add_import(store)
    goes_on = []

    def draw_later(draw: Callable[[], bool], **_arguments: object) -> None:
        happens(store)
        goes_on.append(draw())

    at = open_page("queue")
    monkeypatch.setattr("ui.live.live", draw_later)
    assert not at.run().exception
    assert goes_on == [not is_redrawn]


def test_buttons_of_several_rows_are_told_apart(open_page: OpenPage, home: Home, store: Store):
    factories.add_table(home, store)
    jobs = [factories.add_run(store, name=name).job.id for name in ("one *bold*", "two")]
    at = open_page("queue")
    for move in ("first", "up", "down", "remove"):
        assert at.button(key=f"queue.{jobs[0]}.{move}").label, "an icon alone has no name"
        helps = [at.button(key=f"queue.{job}.{move}").help for job in jobs]
        assert helps[0].endswith(r"one \*bold\* #1") and helps[1].endswith("two #2")


def test_baselines_are_told_though_nobody_started_them(open_page: OpenPage, store: Store):
    assert "In the background" not in texts(open_page("queue"))
    store.jobs.add("baselines", lane="idle", subject="a question", payload={})
    assert "baselines for 1 question." in texts(open_page("queue"))
