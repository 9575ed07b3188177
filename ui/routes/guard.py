"""The middleware around Leyden's routes and Streamlit's: known hosts only, safe headers, the session cookie."""

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import config

from leyden.messages.render import Message as Sentence
from ui.routes.access import cookie_name, is_known_host, session_secret
from ui.workspace import home

SAFE_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Content-Security-Policy": "frame-ancestors 'self'",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Guard:
    """Refuses requests for foreign host names, and adds headers and the session cookie to answers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles one connection."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if not is_known_host(headers, config.get_option("server.address") or "", _allowed_hosts()):
            await _refuse(headers, scope, receive, send)
            return
        is_page_load = scope["type"] == "http" and not scope["path"].startswith("/api/")

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add_headers(MutableHeaders(scope=message), is_page_load, scope["scheme"] == "https")
            await send(message)

        await self.app(scope, receive, send_guarded)


def _allowed_hosts() -> list[str]:
    return list(config.get_option("server.allowedHosts") or [])


def _add_headers(headers: MutableHeaders, is_page_load: bool, is_https: bool) -> None:
    for name, value in SAFE_HEADERS.items():
        headers.setdefault(name, value)
    if is_page_load and headers.get("content-type", "").startswith("text/html"):
        secret = session_secret(home())
        flags = "Path=/; HttpOnly; SameSite=Lax" + ("; Secure" if is_https else "")
        headers.append("Set-Cookie", f"{cookie_name(secret)}={secret}; {flags}")


async def _refuse(headers: Headers, scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    sentence = Sentence(code="host_refused", params={"host": headers.get("host", "")[:100]})
    refusal: Response = PlainTextResponse(sentence.text, status_code=403)
    if scope["path"].startswith("/api/"):
        refusal = JSONResponse({"error": sentence.text, "code": sentence.code}, status_code=403)
    await refusal(scope, receive, send)
