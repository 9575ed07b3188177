from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from leyden.messages.render import Message
from ui import layout
from ui.layout import Fact


def run(script: Callable[..., None], *args: object) -> AppTest:
    at = AppTest.from_function(script, args=args, default_timeout=30).run()
    assert not at.exception
    return at


def test_facts_are_escaped_unless_they_are_html():
    html = layout.facts_html(
        [("<b>", "<i>"), Fact("Age", "<time>now</time>", html=True), Fact("Size", "1", "how big")]
    )
    assert "<dt>&lt;b&gt;</dt><dd>&lt;i&gt;</dd>" in html
    assert "<dd><time>now</time></dd>" in html
    assert 'title="how big"' in html


@pytest.mark.parametrize(
    ("state", "word"), [("queued", "Waiting"), ("running", "Running"), ("failed", "Failed"), ("new", "new")]
)
def test_a_state_is_a_word(state: str, word: str):
    assert word in layout.state_html(state)


@pytest.mark.parametrize(("fraction", "width"), [(-1, "0.0%"), (0.256, "25.6%"), (7, "100.0%")])
def test_a_meter_stays_within_its_box(fraction: float, width: str):
    assert f"width:{width}" in layout.meter_html(fraction)


def script_of_blocks() -> None:
    from leyden.errors import StoreError
    from ui import layout
    from ui.failures import show_failure

    layout.header("<Tom>", "<Jerry>")
    layout.section("A & B", "why")
    layout.progress(None, "Reading <x>")
    with layout.empty("*None* yet", "Bring <some>."):
        layout.quiet("really")
    assert show_failure(StoreError("run_unknown", run="*r1*"))
    assert not show_failure(ValueError("a defect"))


def test_texts_given_to_blocks_are_plain():
    at = run(script_of_blocks)
    html = "".join(element.proto.body for element in at.get("html"))
    assert "<h1>&lt;Tom&gt;</h1><p>&lt;Jerry&gt;</p>" in html
    assert "A &amp; B" in html
    assert "ly-unknown" in html
    assert "Bring &lt;some&gt;." in html
    assert r"\*None\* yet" in at.markdown[0].value
    assert [error.value for error in at.error] == [
        r"There is no run '\*r1\*' in this workspace; it may have been deleted\."
    ]


def test_a_message_is_shown_as_its_sentence():
    def script() -> None:
        from leyden.messages.render import Message
        from ui import layout

        layout.failure(Message(code="out_of_memory"))

    at = run(script)
    assert at.error[0].value.startswith(Message(code="out_of_memory").text[:20])
