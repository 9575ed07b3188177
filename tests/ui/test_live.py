from streamlit.testing.v1 import AppTest

from ui.live import ENDED, SETTLING


def page():
    import streamlit as st

    from ui import state
    from ui.live import live

    state.remember("runs", state.recall("runs", 0) + 1)

    def draw() -> bool:
        st.write(f"{state.recall('left', 0)} left")
        return state.recall("left", 0) > 0

    live(draw, is_active=state.recall("left", 0) > 0, every_s=60)


def test_a_page_where_nothing_goes_on_is_drawn_once():
    at = AppTest.from_function(page).run()
    assert at.session_state["runs"] == 1
    assert at.markdown[0].value == "0 left"


def test_after_an_end_the_page_runs_once_more_and_then_rests():
    at = AppTest.from_function(page)
    at.session_state[ENDED] = True
    at.run()
    assert at.session_state[SETTLING]
    at.run()
    assert ENDED not in at.session_state and SETTLING not in at.session_state
    runs = at.session_state["runs"]
    at.run()
    assert at.session_state["runs"] == runs + 1
