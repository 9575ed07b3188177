"""The prediction service as others see it: started when somebody asks, spoken to over a socket, started again.

The service is a process of its own (`python -m lightning_modules.serving`), one per workspace, so that no server
has to hold torch or a model. It listens on a Unix socket in a folder that only its owner can enter, and leaves when
nobody has asked for a while. Nothing here outlives a call: the lock says whether it lives, a file where it listens.
"""

import contextlib
import http.client
import json
import shutil
import socket
import subprocess
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from leyden import errors
from leyden.engine.detached import start_detached
from leyden.errors import LeydenError, RunError
from leyden.home import Home
from leyden.locks import FileLock, is_held
from leyden.messages.render import Message

START_S = 60
"""A process that does not listen after this long will not."""
LEAST_FREE_BYTES = 1_000_000
"""With less on the disk it cannot even write why it does not start."""
ANSWER_S = 300
POLL_S = 0.1
AGAIN_S = 0.5
"""Before one that was lost is asked again."""
ATTEMPTS = 3
"""A request during which the service ends is sent again: predicting twice does no harm."""
MOST_ROWS = 1000
"""Rows of one request; the service refuses more."""

Told = Callable[[Message], None]


def predict(home: Home, model_id: str, body: bytes, told: Told = lambda message: None) -> dict[str, Any]:
    """Sends rows to the prediction service and waits for its answer.

    Args:
        home: The workspace.
        model_id: Which model.
        body: JSON, `{"rows": [{column: value}]}`.
        told: Told what is being waited for; may raise to break off.

    Returns:
        `{"model": ..., "predictions": [...], "warnings": [...]}`.

    Raises:
        LeydenError: Whatever is wrong with the model or the rows, or the service cannot be reached.
    """
    return _ask(home, "predict", model_id, body, told)


def load(home: Home, model_id: str, told: Told = lambda message: None) -> None:
    """Waits until the service holds a model in memory, and its signature is on disk.

    Raises:
        LeydenError: It cannot be loaded, or the service cannot be reached.
    """
    _ask(home, "load", model_id, b"", told)


def wake_service(home: Home) -> "subprocess.Popen[bytes] | None":
    """Starts the service unless it lives; cheap when it does.

    Two calls at once may start two; the second leaves.
    """
    if is_held(home.service_lock):
        return None
    return start_detached(home, "lightning_modules.serving", home.service_log)


def _ask(home: Home, verb: str, model_id: str, body: bytes, told: Told) -> dict[str, Any]:
    for _attempt in range(ATTEMPTS):
        path = _address(home, told)
        # It leaves, or dies, whenever it likes: what it did not answer is asked again.
        with contextlib.suppress(ConnectionError, FileNotFoundError, http.client.HTTPException):
            while (state := _post(path, f"/models/{quote(model_id, safe='')}/load", b"")).get("waiting"):
                told(Message.model_validate(state["waiting"]))
                time.sleep(POLL_S)
            return _post(path, f"/models/{quote(model_id, safe='')}/predict", body) if verb == "predict" else state
        # One that is leaving takes a moment.
        time.sleep(AGAIN_S)
    raise RunError("service_lost", times=ATTEMPTS, log=str(home.service_log))


def _address(home: Home, told: Told) -> str:
    """Path of the socket of a living service, which is started where there is none."""
    deadline = time.monotonic() + START_S
    is_starter, starts, process = False, 0, None
    with FileLock(home.service_start_lock) as start_lock:
        while time.monotonic() < deadline:
            if is_held(home.service_lock):
                with contextlib.suppress(OSError, ValueError, KeyError):
                    return str(json.loads(home.service_address.read_text())["socket"])
            elif process is None or process.poll() is not None:
                # One starts it for all who wait, or a busy server would start dozens at once.
                is_starter = is_starter or start_lock.acquire()
                if starts == ATTEMPTS:
                    break
                if is_starter:
                    process, starts = wake_service(home), starts + 1
            told(Message(code="service_starting"))
            time.sleep(POLL_S)
    is_full = shutil.disk_usage(home.root).free < LEAST_FREE_BYTES
    raise RunError("disk_full") if is_full else RunError("service_not_started", log=str(home.service_log))


def _post(path: str, target: str, body: bytes) -> dict[str, Any]:
    """One request to the service.

    Raises:
        LeydenError: The one that the service raised.
        ConnectionError: There is no service any more.
    """
    connection = _Connection(path)
    try:
        connection.request("POST", target, body, {"Content-Type": "application/json"})
        answer: dict[str, Any] = json.loads(connection.getresponse().read())
    except TimeoutError as error:
        raise RunError("service_slow", seconds=ANSWER_S) from error
    finally:
        connection.close()
    if "error" in answer:
        raise _error(answer)
    return answer


def _error(answer: dict[str, Any]) -> LeydenError:
    kind: type[LeydenError] = getattr(errors, answer["error"])
    message = Message.model_validate(answer["message"])
    return kind(message.code, **message.params)


class _Connection(http.client.HTTPConnection):
    """HTTP over a Unix socket."""

    def __init__(self, path: str) -> None:
        super().__init__("leyden", timeout=ANSWER_S)
        self._path = path

    def connect(self) -> None:
        """Opens the socket."""
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)
