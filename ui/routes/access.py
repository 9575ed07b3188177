"""Who may ask for what: every HTTP route passes through `authorise`, and nothing else decides.

Leyden has no accounts. What it keeps out is other web sites: a page elsewhere must not be able to make a visitor's
browser upload, start or read anything here. A request therefore has to come from Leyden's own origin and to carry
the session cookie that its page sets, and the server answers to its own names only (DNS rebinding).
"""

import hashlib
import hmac
import ipaddress
import os
import secrets
from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.requests import Request

from leyden.errors import LeydenError
from leyden.home import Home
from ui.workspace import home

OPEN_ACTIONS = frozenset({"health"})
"""What may be asked without a session."""

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


class AccessError(LeydenError):
    """The request may not do what it asks for."""


def authorise(request: Request, action: str, object: str) -> None:
    """Lets a request pass, or refuses it. Today everybody with a session may do everything.

    Args:
        request: The request.
        action: A verb such as `upload` or `download`.
        object: What it is done to, such as a run's id.

    Raises:
        AccessError: When it comes from another site, or without this server's session cookie.
    """
    origin = request.headers.get("origin")
    if origin is None:
        if request.method not in ("GET", "HEAD"):
            raise AccessError("origin_refused", origin="which it does not name")
    elif urlsplit(origin).netloc != request.headers.get("host"):
        raise AccessError("origin_refused", origin=origin[:100])
    if action in OPEN_ACTIONS:
        return
    secret = session_secret(home())
    given = request.cookies.get(cookie_name(secret), "")
    if not hmac.compare_digest(given.encode(), secret.encode()):
        raise AccessError("session_refused")


def session_secret(home: Home) -> str:
    """The workspace's session secret; made on first use, readable by its owner only."""
    try:
        descriptor = os.open(home.session_secret, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        secret = home.session_secret.read_text()
        if secret:
            return secret
        # A crash between creating and writing left it empty.
        home.session_secret.unlink()
        return session_secret(home)
    with os.fdopen(descriptor, "w") as file:
        secret = secrets.token_urlsafe(32)
        file.write(secret)
    return secret


def cookie_name(secret: str) -> str:
    """Name of the session cookie: one per workspace, because browsers share cookies between ports."""
    return f"leyden_session_{hashlib.sha256(secret.encode()).hexdigest()[:8]}"


def is_loopback(address: str) -> bool:
    """Whether a listening address can be reached from this machine only."""
    try:
        return ipaddress.ip_address(address.strip("[]")).is_loopback
    except ValueError:
        return address == "localhost"


def is_known_host(headers: Mapping[str, str], address: str, allowed: list[str]) -> bool:
    """Whether a request asks for this server by one of its names.

    Args:
        headers: Of the request.
        address: What the server listens on; empty for everything.
        allowed: Names a person has listed (`server.allowedHosts`); `*.example.com` and `*` are patterns.
    """
    host = urlsplit(f"//{headers.get('host', '')}").hostname or ""
    if allowed:
        names = (name.lower() for name in allowed)
        return any(name in ("*", host) or (name.startswith("*.") and host.endswith(name[1:])) for name in names)
    return not is_loopback(address) or host in LOOPBACK_NAMES
