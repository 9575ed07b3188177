from collections import Counter

from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import parse_tree_from_messages

from tests.sessions import ask_for_part, notes


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
    assert notes(at)["runs"] == 1
    assert at.markdown[0].value == "0 left"


def test_after_an_end_the_page_runs_once_more_and_then_rests(monkeypatch):
    at = AppTest.from_function(page)
    notes(at)["left"] = 1
    at.run()
    assert (notes(at)["runs"], at.markdown[0].value) == (1, "1 left")
    (part,) = at._fragment_storage._fragments
    notes(at)["left"] = 0
    with monkeypatch.context() as timer:
        ask_for_part(timer, part)
        at.run()
    assert (notes(at)["runs"], [text.value for text in at.markdown]) == (2, ["0 left"])
    assert not at._fragment_storage.contains(part)
    at.run()
    assert notes(at)["runs"] == 3


def page_around():
    import streamlit as st

    from ui.live import island, live

    st.write("before")
    live(lambda: bool(st.write("at work") or True), is_active=True, every_s=60)
    st.write("between")
    island(lambda: st.write("used alone"))
    st.write("behind")


def test_what_is_behind_a_part_has_its_place_when_the_part_comes_late(monkeypatch):
    """Streamlit takes back what it has not sent of a part that is asked for anew, and sends it behind the rest."""
    sent = []

    def keep(messages):
        sent.extend(messages)
        return parse_tree_from_messages(messages)

    monkeypatch.setattr("streamlit.testing.v1.local_script_runner.parse_tree_from_messages", keep)
    AppTest.from_function(page_around).run()
    deltas = [message for message in sent if message.HasField("delta")]
    assert len({message.delta.fragment_id for message in deltas}) == 3, "two parts, and what is around them"
    children = Counter()
    for message in deltas:
        *parent, place = message.metadata.delta_path
        if not message.delta.fragment_id:
            assert place <= children[tuple(parent)], f"nothing stands before {message.metadata.delta_path}"
            children[tuple(parent)] = max(children[tuple(parent)], place + 1)
