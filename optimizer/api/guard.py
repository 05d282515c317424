"""Who may speak to the server: programs and pages of this machine, and nobody through them.

There is no authentication, so only loopback addresses are served. That alone does not keep web
pages out: a page from anywhere can send requests to ``127.0.0.1`` (cross-site request forgery), and
by a name that first leads to its own server and then to ``127.0.0.1`` it can read the answers as
well (DNS rebinding). Both show in the headers that browsers set and pages cannot: ``Host`` names
the rebound name, ``Origin`` the foreign page.
"""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from optimizer.api.problems import problem

__all__ = ["Guard", "is_loopback"]

_HOST = re.compile(r"(?P<name>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+)(?::(?P<port>\d{1,5}))?", re.ASCII)
#: Said with every answer: it is no script, belongs to no other page, and is framed by none.
_SAID = {
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "same-origin",
    "x-frame-options": "SAMEORIGIN",
    "referrer-policy": "no-referrer",
}


def is_loopback(name: str) -> bool:
    """Tell whether a host name or address is this machine's own.

    Parameters
    ----------
    name : str
        ``localhost``, or an address; IPv6 with or without brackets.

    Returns
    -------
    bool
        False for every other name, wherever it leads now: it may lead elsewhere a moment later.
    """
    if name.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(name.removeprefix("[").removesuffix("]")).is_loopback
    except ValueError:
        return False


class Guard:
    """Refuses every request that is not meant for this machine or comes from a foreign page.

    Parameters
    ----------
    app : ASGI application
        What is guarded.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or let the application answer.

        Parameters
        ----------
        scope, receive, send
            As ASGI has them.
        """
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        refusal = _refusal(Headers(scope=scope))
        if not refusal:
            await self._app(scope, receive, _saying(send) if scope["type"] == "http" else send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008, "reason": refusal[:120]})
        else:
            await problem("not-local", refusal)(scope, receive, send)


def _refusal(headers: Headers) -> str:
    """Return why a request is refused; empty if it is not."""
    hosts = headers.getlist("host")
    match = _HOST.fullmatch(hosts[0]) if len(hosts) == 1 else None
    if match is None or not is_loopback(match["name"]):
        return (
            f"Host is {', '.join(hosts)[:80]!r}; this server answers only for localhost,"
            " 127.0.0.1 and [::1]"
        )
    for origin in headers.getlist("origin"):
        if not _same(origin, hosts[0]):
            return (
                f"Origin is {origin[:80]!r}; only pages of http://{hosts[0]} itself may send"
                " requests"
            )
    return ""


def _same(origin: str, host: str) -> bool:
    # A page of another port of this machine is as foreign as any other.
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and parts.netloc.lower() == host.lower()


def _saying(send: Send) -> Send:
    async def say(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _SAID.items():
                headers.setdefault(name, value)
        await send(message)

    return say
