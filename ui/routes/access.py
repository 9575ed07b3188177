"""Who may ask for what: every HTTP route passes through `authorise`, and nothing else decides.

Leyden has no accounts. What it keeps out is other web sites: a page elsewhere must not be able to make a visitor's
browser upload, start or read anything here. A request therefore has to come from Leyden's own origin and to carry
the session cookie that its page sets, and the server answers to its own names only (DNS rebinding). Programs have
no session: what they may ask for, they ask for with the workspace's token, which no other site's page can know.
"""

import hashlib
import hmac
import ipaddress
from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.requests import Request

from leyden.errors import LeydenError
from leyden.home import Home
from leyden.secrets import secret_in
from ui.workspace import home

OPEN_ACTIONS = frozenset({"health"})
"""What may be asked without a session."""

TOKEN_ACTIONS = frozenset({"describe", "predict", "mistake"})
"""What a program may ask for with the token, without origin and session; and mistakes it makes in asking for that."""

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


class AccessError(LeydenError):
    """The request may not do what it asks for."""


def authorise(request: Request, action: str, object: str) -> None:
    """Lets a request pass, or refuses it. Today everybody with a session may do everything.

    A request for what programs may ask for passes with the token alone.

    Args:
        request: The request.
        action: A verb such as `upload` or `download`.
        object: What it is done to, such as a run's id.

    Raises:
        AccessError: When it comes from another site, or without this server's session cookie or token.
    """
    if action in TOKEN_ACTIONS and _is_program(request):
        _require_token(request)
        return
    origin = request.headers.get("origin")
    if origin is None:
        if request.method not in ("GET", "HEAD"):
            raise AccessError("origin_refused", origin="which it does not name")
    elif urlsplit(origin).netloc != request.headers.get("host"):
        raise AccessError("origin_refused", origin=origin[:100])
    if action in OPEN_ACTIONS:
        return
    if not _has_session(request):
        raise AccessError("session_refused")


def _has_session(request: Request) -> bool:
    secret = session_secret(home())
    return hmac.compare_digest(request.cookies.get(cookie_name(secret), "").encode(), secret.encode())


def _is_program(request: Request) -> bool:
    """Whether a request brings a token, or has nothing that a browser would bring."""
    return "authorization" in request.headers or ("origin" not in request.headers and not _has_session(request))


def _require_token(request: Request) -> None:
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not given.strip():
        raise AccessError("token_missing")
    if not hmac.compare_digest(given.strip().encode(), secret_in(home().api_token).encode()):
        raise AccessError("token_refused")


def session_secret(home: Home) -> str:
    """The workspace's session secret; made on first use, readable by its owner only."""
    return secret_in(home.session_secret)


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
