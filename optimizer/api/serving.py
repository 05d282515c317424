"""Serves an application on this machine until somebody ends it."""

from __future__ import annotations

import contextlib
import errno
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import uvicorn
from starlette.types import ASGIApp

from optimizer.api.guard import is_loopback
from optimizer.errors import OutsideError, UsageError

__all__ = ["DEFAULT_PORT", "Closing", "listen", "serve"]

DEFAULT_PORT = 8765
#: So many ports are tried where none was asked for.
_TRIES = 20
#: Seconds for answers that are on their way when the server ends.
_GRACE_S = 1


@dataclass
class Closing:
    """Whether a server ends; asked by those who keep others waiting."""

    _server: uvicorn.Server | None = field(default=None, init=False)

    def __call__(self) -> bool:
        """Tell whether it ends.

        Returns
        -------
        bool
            True from when it was asked to.
        """
        return self._server is not None and self._server.should_exit

    def watch(self, server: uvicorn.Server) -> None:
        """Watch a server.

        Parameters
        ----------
        server : uvicorn.Server
            The server.
        """
        self._server = server


def listen(host: str, port: int | None) -> socket.socket:
    """Open the socket of a server.

    Parameters
    ----------
    host : str
        A loopback address, or ``localhost``.
    port : int or None
        Port; 0 for any, None for the first free one from `DEFAULT_PORT` on.

    Returns
    -------
    socket
        Bound to the address, not listening yet.

    Raises
    ------
    UsageError
        If the address is not one of this machine alone.
    OutsideError
        If the port is in use, or may not be used.
    """
    if not is_loopback(host):
        raise UsageError(
            f"--host {host}: there is no authentication yet, so only this machine is served:"
            " 127.0.0.1, ::1 or localhost"
        )
    name = "127.0.0.1" if host.lower() == "localhost" else host.strip("[]")
    ports = range(DEFAULT_PORT, DEFAULT_PORT + _TRIES) if port is None else (port,)
    for number in ports:
        try:
            return _bound(name, number)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise OutsideError(
                    f"{host}:{number} cannot be served: {error.strerror or error}"
                ) from error
    if port is None:
        raise OutsideError(f"ports {ports[0]} to {ports[-1]} are in use; name a free one by --port")
    raise OutsideError(
        f"port {port} is in use, by another server of Convoi or another program; name another one"
        " by --port, or none for the next that is free"
    )


def _bound(name: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in name else socket.AF_INET
    opened = socket.socket(family, socket.SOCK_STREAM)
    try:
        # Without it a server cannot be started again until the last connections have timed out.
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind((name, port))
        # Two servers may be bound to one port; only one may listen.
        opened.listen(128)
    except BaseException:
        opened.close()
        raise
    return opened


def serve(app: ASGIApp, opened: socket.socket, closing: Closing, ready: Callable[[], None]) -> None:
    """Serve until Ctrl-C or a request to end.

    Parameters
    ----------
    app : ASGI application
        What is served.
    opened : socket
        From `listen`.
    closing : Closing
        Told when the server ends.
    ready : callable
        Called once requests are answered.
    """
    server = _Server(
        uvicorn.Config(
            app,
            log_config=None,
            log_level="warning",
            access_log=False,
            lifespan="auto",
            ws="none",
            server_header=False,
            timeout_graceful_shutdown=_GRACE_S,
        ),
        ready,
    )
    closing.watch(server)
    with _ended_with_its_terminal(server), contextlib.suppress(KeyboardInterrupt):
        server.run(sockets=[opened])


@contextlib.contextmanager
def _ended_with_its_terminal(server: uvicorn.Server) -> Iterator[None]:
    """End in order when the terminal is closed, as with Ctrl-C, the usual way to end a server."""
    number = getattr(signal, "SIGHUP", None)
    main = threading.current_thread() is threading.main_thread()
    # What is ignored, as under nohup, stays ignored.
    if number is None or not main or signal.getsignal(number) is signal.SIG_IGN:
        yield
        return
    before = signal.signal(number, server.handle_exit)
    try:
        yield
    finally:
        signal.signal(number, before)


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        self._ready()
