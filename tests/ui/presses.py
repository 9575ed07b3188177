"""Sessions and what runs their pages, as far as presses need them; see `ui/every_press.py`."""

from types import SimpleNamespace
from typing import Any

from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequests

PAGE = "page that is seen"


def pressed(*elements: str) -> WidgetStates:
    return WidgetStates(widgets=[WidgetState(id=element, trigger_value=True) for element in elements])


class Parts:
    """Where a session keeps the parts of its page: there are two."""

    def contains(self, part: str) -> bool:
        return part in ("part", "another part")


class Runner(SimpleNamespace):
    """What runs a script; one is never equal to another."""

    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        return self is other


def session_of(requests: ScriptRequests | None) -> SimpleNamespace:
    """A session that shows a page."""
    parts = Parts()
    return SimpleNamespace(
        _scriptrunner=requests and Runner(_requests=requests),
        _pages_manager=SimpleNamespace(current_page_script_hash=PAGE),
        _fragment_storage=parts,
        has_fragment=parts.contains,
    )


def runner_of(took: list[Any], parts: Parts | None = None) -> Runner:
    """What runs a script of the session that shows a page."""
    return Runner(
        _requests=ScriptRequests(),
        _pages_manager=SimpleNamespace(current_page_script_hash=PAGE),
        _fragment_storage=parts or Parts(),
        _session_state=SimpleNamespace(on_script_will_rerun=took.append),
    )
