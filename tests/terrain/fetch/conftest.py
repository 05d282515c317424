"""A home on this machine that answers as the public ones do, faults included."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from optimizer.terrain.fetch.transfer import Web


def md5(data: bytes) -> str:
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


TIFF = b"II*\x00" + bytes(range(256)) * 20
PBF = b"\x00\x00\x00\x0d\x0a\x09OSMHeader" + bytes(range(256)) * 20


@dataclass
class Content:
    """What lies at an address, and what goes wrong with it."""

    data: bytes
    etag: str | None = None
    #: Statuses of the first answers to GET, before it is well again.
    statuses: list[int] = field(default_factory=list)
    #: After how many bytes the first answers are cut.
    cuts: list[int] = field(default_factory=list)
    #: Called after each GET: the home changes.
    after: Callable[[], None] = lambda: None
    announces: int | None = None
    has_head: bool = True

    @property
    def tag(self) -> str:
        return self.etag if self.etag is not None else f'"{md5(self.data)}"'


@dataclass
class Home:
    """Addresses and what they hold; what was asked."""

    url: str
    contents: dict[str, Content] = field(default_factory=dict)
    redirects: dict[str, str] = field(default_factory=dict)
    #: Method, path, and the range asked for.
    asked: list[tuple[str, str, str]] = field(default_factory=list)

    def put(self, path: str, data: bytes | str, **more: object) -> Content:
        content = Content(data.encode() if isinstance(data, str) else data, **more)  # type: ignore[arg-type]
        self.contents[path] = content
        return content

    def gets(self, path: str) -> list[str]:
        return [span for method, at, span in self.asked if method == "GET" and at == path]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    home: Home

    def log_message(self, *_: object) -> None:
        pass

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def _end(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def _answer(self, *, with_body: bool) -> None:
        path = self.path.lstrip("/")
        span = self.headers.get("Range", "")
        self.home.asked.append((self.command, path, span))
        if path in self.home.redirects:
            self._end(302, Location=self.home.redirects[path])
            return
        content = self.home.contents.get(path)
        if content is None:
            self._end(404, b"<html>404 Not Found</html>")
            return
        if not with_body and not content.has_head:
            self._end(501)
            return
        if with_body and content.statuses:
            self._end(content.statuses.pop(0), b"busy", Retry_After="7")
            return
        first, size = 0, len(content.data)
        match = re.fullmatch(r"bytes=(\d+)-", span)
        if match and self.headers.get("If-Range", content.tag) == content.tag:
            first = int(match[1])
            if first >= size:
                self._end(416)
                return
        self.send_response(206 if first else 200)
        if first:
            self.send_header("Content-Range", f"bytes {first}-{size - 1}/{size}")
        if content.tag:
            self.send_header("ETag", content.tag)
        announced = size - first if content.announces is None else content.announces
        self.send_header("Content-Length", str(announced))
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        if with_body:
            stop = first + content.cuts.pop(0) if content.cuts else size
            self.wfile.write(content.data[first:stop])
            content.after()


@pytest.fixture
def home() -> Iterator[Home]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    place = Home(f"http://127.0.0.1:{server.server_address[1]}/")
    server.RequestHandlerClass = type("_Bound", (_Handler,), {"home": place})
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield place
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def pauses() -> list[float]:
    """Seconds that were waited between tries; nobody waits."""
    return []


@pytest.fixture
def web(pauses: list[float]) -> Iterator[Web]:
    with Web(pause=pauses.append) as opened:
        yield opened


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "file"
