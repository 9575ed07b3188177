"""What Runs says of runs that wait, beside those that are at work."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.conftest import texts


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (["running one"], "1 run will finish the current step, save and report. Each"),
        (["企鹅 等待"], "1 waiting run will only be taken out of the queue. Each"),
        (["running one", "企鹅 等待"], "save and report. 1 waiting run will only be taken out of the queue. Each"),
    ],
)
def test_it_says_what_stopping_does_to_runs_at_work_and_to_waiting_ones(filled, names, told):
    def script(names):
        from leyden.store.records import ACTIVE
        from ui import state
        from ui.runs_actions import stop_dialog

        stop_dialog([row for row in state.store().runs.list(states=ACTIVE) if row.name in names])

    at = AppTest.from_function(script, args=(names,), default_timeout=30).run()
    text = texts(at).replace("\\", "")
    assert told in text and ("current step" in text) is ("running one" in names)


def test_runs_that_wait_in_a_paused_queue_are_not_at_work(open_page, filled):
    filled.settings.change_queue(is_paused=True)
    assert "5 runs, 1 at work, 1 waiting in the paused queue" in texts(open_page("runs"))
