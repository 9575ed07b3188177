from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import parse_tree_from_messages


def page():
    import streamlit as st

    from ui.dialog import dialog, open_asked
    from ui.live import live

    @dialog("Stop")
    def question(what: str) -> None:
        st.write(f"Stop {what}?")

    open_asked()

    def draw() -> bool:
        if st.button("Stop them"):
            question("28 runs")
        return True

    live(draw, is_active=True, every_s=60)


def test_a_dialog_s_frame_does_not_belong_to_the_part_that_asked_for_it(monkeypatch):
    """Streamlit takes back what it has not sent of a part that is asked for anew, and keeps what is in the dialog."""
    sent = []

    def keep(messages):
        sent.extend(messages)
        return parse_tree_from_messages(messages)

    monkeypatch.setattr("streamlit.testing.v1.local_script_runner.parse_tree_from_messages", keep)
    at = AppTest.from_function(page).run()
    assert "Stop 28 runs?" not in [one.value for one in at.markdown]
    at.button[0].click().run()
    assert not at.exception and "Stop 28 runs?" in [one.value for one in at.markdown]
    frames = [message.delta for message in sent if message.delta.add_block.HasField("dialog")]
    assert frames and not any(frame.fragment_id for frame in frames)
    at.run()
    assert "Stop 28 runs?" not in [one.value for one in at.markdown], "it opens once"
