import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import parse_tree_from_messages

from tests.sessions import ask_for_part, notes


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


def page_that_confirms(refusal: str, may_act: bool, then: str | None) -> None:
    import streamlit as st

    from leyden.errors import StoreError
    from ui import state
    from ui.dialog import confirm, tell_refusal

    tell_refusal()
    state.show_flashes()

    def act() -> None:
        state.change("acts", 0, lambda acts: acts + 1)
        if refusal:
            raise StoreError("dataset_in_use", dataset="d1", runs=3)

    if st.button("Delete"):
        confirm("Sure?", "please", "Do it", act if may_act else None, then=then)


def asked(refusal: str = "", may_act: bool = True, then: str | None = None) -> AppTest:
    """The page with its question open."""
    at = AppTest.from_function(page_that_confirms, args=(refusal, may_act, then), default_timeout=30).run()
    at.button[0].click().run()
    assert "acts" not in notes(at)
    return at


def agree(monkeypatch: pytest.MonkeyPatch, at: AppTest) -> None:
    """Agrees as a browser does: what is used in a dialog draws it alone."""
    (part,) = at._fragment_storage._fragments
    with monkeypatch.context() as pressed:
        ask_for_part(pressed, part)
        at.button(key="ly-confirm").click().run()
    assert not at.exception


def test_what_was_agreed_to_is_done_and_the_dialog_closes(monkeypatch):
    at = asked()
    agree(monkeypatch, at)
    assert notes(at)["acts"] == 1
    assert [button.label for button in at.button] == ["Delete"], "the page was drawn without the dialog"


def test_it_is_done_when_a_click_elsewhere_takes_the_dialog_away():
    at = asked()
    at.button(key="ly-confirm").click().run()
    assert notes(at)["acts"] == 1 and not at.exception


def test_a_refusal_is_told_to_who_clicked_elsewhere():
    at = asked("in use")
    at.button(key="ly-confirm").click().run()
    assert "used by 3 runs" in at.toast[0].value and not at.error
    assert not at.run().toast


def test_it_is_done_once(monkeypatch):
    at = asked()
    twice = at.button(key="ly-confirm").click()
    agree(monkeypatch, at)
    at._tree = twice.root
    twice.click().run()
    assert notes(at)["acts"] == 1


def test_a_refusal_stands_in_the_dialog_which_can_be_agreed_to_again(monkeypatch):
    at = asked("in use")
    agree(monkeypatch, at)
    assert "used by 3 runs" in at.error[0].value
    agree(monkeypatch, at)
    assert notes(at)["acts"] == 2


def test_what_cannot_be_done_cannot_be_confirmed():
    assert asked(may_act=False).button(key="ly-confirm").disabled
