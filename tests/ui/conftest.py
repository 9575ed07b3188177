"""What Streamlit is asked for and runs in the end, where presses are counted."""

import pytest
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime.scriptrunner import RerunData

from ui import every_press


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[ClientState]:
    """What Streamlit is asked for in the end."""
    asked: list[ClientState] = []
    monkeypatch.setattr(
        every_press, "_own_request_rerun", lambda _session, client_state: asked.append(client_state)
    )
    return asked


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[RerunData]:
    """What Streamlit runs in the end."""
    runs: list[RerunData] = []
    monkeypatch.setattr(every_press, "_own_run_script", lambda _runner, rerun_data: runs.append(rerun_data))
    return runs
