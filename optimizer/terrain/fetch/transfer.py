"""The one place of the builder that opens connections: asks for sizes and gets files over HTTP."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from importlib import metadata
from pathlib import Path
from types import TracebackType
from typing import NoReturn, Self, TypeVar

import httpx2

from optimizer.errors import OutsideError
from optimizer.progress import Advance, silent
from optimizer.terrain.fetch.content import HEAD_BYTES, complaint

__all__ = ["AbsentError", "Web"]

#: Tries in a row that bring nothing new.
TRIES = 5
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 1.0, 60.0
_CONNECT_S, _SILENCE_S = 15.0, 60.0
_REDIRECTS = 5
#: The most that is taken for a text: the index of extracts has some 10 MB.
_MAX_TEXT = 200 * 2**20


_T = TypeVar("_T")


class AbsentError(OutsideError):
    """There is nothing at an address."""


class _PassingError(Exception):
    """What may be better the next time.

    Parameters
    ----------
    message : str
        What happened.
    after_s : float
        What the server asks to be waited.
    """

    def __init__(self, message: str, after_s: float = 0.0) -> None:
        super().__init__(message)
        self.after_s = after_s


@dataclass(frozen=True, slots=True)
class _Begun:
    """What is known of a transfer that was begun: kept beside the part, to go on later."""

    url: str
    etag: str
    size: int | None

    def may_go_on(self, url: str) -> bool:
        # Only a strong tag says that the bytes are the same.
        return self.url == url and self.etag.startswith('"')


class Web:
    """Gets files from their homes; to be used as a context manager.

    Certificates are verified; proxies and other settings of the environment are not used.

    Parameters
    ----------
    pause : callable
        Waits for seconds, between tries.
    tries : int
        Tries in a row that bring nothing new before it is given up.
    """

    def __init__(self, *, pause: Callable[[float], None] = time.sleep, tries: int = TRIES) -> None:
        self._pause = pause
        self._tries = tries
        self._http = httpx2.Client(
            trust_env=False,
            follow_redirects=True,
            max_redirects=_REDIRECTS,
            timeout=httpx2.Timeout(_SILENCE_S, connect=_CONNECT_S),
            headers={
                # Packed on the way, a length would not be that of the file.
                "accept-encoding": "identity",
                "user-agent": f"convoi/{metadata.version('convoi')} (terrain fetch)",
            },
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._http.close()

    def size(self, url: str) -> int | None:
        """Ask for the size of a file.

        Parameters
        ----------
        url : str
            Address.

        Returns
        -------
        int or None
            Bytes; None if the server does not say.

        Raises
        ------
        AbsentError
            If there is nothing.
        OutsideError
            If the server does not answer, or refuses.
        """

        def ask() -> int | None:
            with self._asked("HEAD", url) as answer:
                if answer.status_code in {405, 501}:  # it does not know this question
                    return None
                _check(answer, url)
                return _length(answer)

        return self._persistently(url, ask)

    def text(self, url: str) -> str:
        """Get a short text.

        Parameters
        ----------
        url : str
            Address.

        Returns
        -------
        str
            What it holds, read as UTF-8.

        Raises
        ------
        AbsentError
            If there is nothing.
        OutsideError
            If the server does not answer, refuses, or what it gives is no text.
        """

        def ask() -> str:
            content = b""
            with self._asked("GET", url) as answer:
                _check(answer, url)
                for chunk in answer.iter_bytes():
                    content += chunk
                    if len(content) > _MAX_TEXT:
                        raise OutsideError(f"{url} is too long for what it should be")
            try:
                return content.decode()
            except UnicodeDecodeError as error:
                raise OutsideError(f"{url} is no text in UTF-8") from error

        return self._persistently(url, ask)

    def file(
        self,
        url: str,
        target: Path,
        kind: str,
        *,
        judge: Callable[[Path], str] = lambda _: "",
        advance: Advance = silent,
    ) -> None:
        """Get a file; what an earlier try brought of it is kept and carried on.

        It grows as ``TARGET.part``, with what is known of it in ``TARGET.part.json``, and takes its
        name when it is whole.

        Parameters
        ----------
        url : str
            Address.
        target : Path
            Where it is to stand.
        kind : str
            What it should be, see `complaint`.
        judge : callable
            Says of the whole file what is wrong with it, before it takes its name.
        advance : callable
            Told of bytes; of fewer than none where a transfer begins anew.

        Raises
        ------
        AbsentError
            If there is nothing.
        OutsideError
            If it could not be had, or is not what it should be.
        """
        part = target.with_name(f"{target.name}.part")
        notes = target.with_name(f"{target.name}.part.json")
        shown = 0

        def show(position: int) -> None:
            nonlocal shown
            advance(position - shown)
            shown = position

        try:
            self._persistently(url, lambda: self._once(url, part, notes, kind, show), part)
            if wrong := judge(part):
                _refuse(url, part, wrong)
            part.replace(target)
            notes.unlink(missing_ok=True)
        except OSError as error:
            raise OutsideError(f"{part} cannot be written: {error.strerror or error}") from error

    def _once(
        self, url: str, part: Path, notes: Path, kind: str, show: Callable[[int], None]
    ) -> None:
        """Carry a transfer on as far as it goes."""
        begun = _noted(notes)
        have = _size(part) if begun and begun.may_go_on(url) else 0
        if begun and have and have == begun.size:  # ended between the last byte and its name
            show(have)
            _look(url, part, kind, have)
            return
        asked = {"range": f"bytes={have}-", "if-range": begun.etag} if have and begun else {}
        with self._asked("GET", url, asked) as answer:
            if answer.status_code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
                part.unlink()
                raise _PassingError("the part that was there does not fit")
            _check(answer, url)
            if answer.status_code == HTTPStatus.PARTIAL_CONTENT:
                first, size = _content_range(answer, url)
                if first != have or not begun:
                    part.unlink(missing_ok=True)
                    raise _PassingError("another part was sent than was asked for")
            else:
                have, size = 0, _length(answer)
                part.unlink(missing_ok=True)
                told = _Begun(url, answer.headers.get("etag", ""), size)
                notes.write_text(
                    json.dumps({"url": told.url, "etag": told.etag, "size": told.size}), "utf-8"
                )
            show(have)
            with part.open("ab") as file:
                looked = have >= HEAD_BYTES
                for chunk in answer.iter_raw():
                    file.write(chunk)
                    have += len(chunk)
                    show(have)
                    if not looked and have >= HEAD_BYTES:
                        # Not after a gigabyte of what is no map.
                        file.flush()
                        _look(url, part, kind)
                        looked = True
        if size is not None and have < size:
            raise _PassingError(f"it ended after {have:,} of {size:,} bytes")
        _look(url, part, kind, size)

    @contextlib.contextmanager
    def _asked(
        self, method: str, url: str, headers: dict[str, str] | None = None
    ) -> Iterator[httpx2.Response]:
        try:
            with self._http.stream(method, url, headers=headers) as answer:
                steps = [str(step.url) for step in (*answer.history, answer)]
                if url.startswith("https:") and not all(s.startswith("https:") for s in steps):
                    raise OutsideError(f"{url} leads to an address that is not encrypted: refused")
                yield answer
        except httpx2.TooManyRedirects as error:
            raise OutsideError(
                f"{url} leads from one address to the next without an end"
            ) from error
        except (httpx2.InvalidURL, httpx2.UnsupportedProtocol) as error:
            raise OutsideError(f"{url} is no address that can be asked: {error}") from error
        except httpx2.TransportError as error:
            if "CERTIFICATE_VERIFY_FAILED" in str(error):
                raise OutsideError(f"{url}: its certificate cannot be verified: {error}") from error
            raise _PassingError(str(error) or type(error).__name__) from error

    def _persistently(self, url: str, once: Callable[[], _T], part: Path | None = None) -> _T:
        """Try again after what may pass, as long as not too many tries in a row bring nothing."""
        fruitless = 0
        before = _size(part)
        while True:
            try:
                return once()
            except _PassingError as error:
                now = _size(part)
                fruitless = 0 if now > before else fruitless + 1
                before = max(before, now)
                if fruitless >= self._tries:
                    kept = "; what came is kept, run the command again to go on" if now else ""
                    raise OutsideError(
                        f"{url} could not be had in {self._tries} tries: {error}{kept}"
                    ) from error
                wished = _FIRST_PAUSE_S * 2 ** max(0, fruitless - 1)
                self._pause(min(max(wished, error.after_s), _LONGEST_PAUSE_S))


def _size(part: Path | None) -> int:
    return part.stat().st_size if part is not None and part.exists() else 0


def _check(answer: httpx2.Response, url: str) -> None:
    """Raise what a status tells."""
    status = answer.status_code
    if answer.is_success:
        return
    said = f"{url} answered {status} {answer.reason_phrase}".rstrip()
    if status in {404, 410}:
        raise AbsentError(f"{said}: there is nothing of that name")
    if status in {408, 425, 429} or status >= 500:  # noqa: PLR2004 - the server's own faults
        after = answer.headers.get("retry-after", "")
        raise _PassingError(said, float(after) if after.isdecimal() else 0.0)
    raise OutsideError(said)


def _length(answer: httpx2.Response) -> int | None:
    length = answer.headers.get("content-length", "")
    return int(length) if length.isdecimal() else None


def _content_range(answer: httpx2.Response, url: str) -> tuple[int, int | None]:
    """Return where a part begins, and the size of the whole."""
    span, _, size = answer.headers.get("content-range", "").removeprefix("bytes ").partition("/")
    first = span.partition("-")[0]
    if not first.isdecimal():
        raise OutsideError(f"{url} sent a part without saying which")
    return int(first), int(size) if size.isdecimal() else None


def _noted(notes: Path) -> _Begun | None:
    try:
        told = json.loads(notes.read_text("utf-8"))
        return _Begun(str(told["url"]), str(told["etag"]), told["size"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _look(url: str, part: Path, kind: str, size: int | None = None) -> None:
    """Refuse what is not what it should be, by its beginning and its size."""
    with part.open("rb") as file:
        wrong = complaint(kind, file.read(HEAD_BYTES))
    if not wrong and size is not None and part.stat().st_size != size:
        wrong = f"{part.stat().st_size:,} bytes instead of the {size:,} that were announced"
    if wrong:
        _refuse(url, part, wrong)


def _refuse(url: str, part: Path, wrong: str) -> NoReturn:
    part.unlink()
    part.with_name(f"{part.name}.json").unlink(missing_ok=True)
    raise OutsideError(f"{url} gave {wrong}; nothing of it is kept")
