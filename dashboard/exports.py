"""Documents and files of a plan, made beside the page and fetched from it when they are ready."""

from __future__ import annotations

import logging
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal
from urllib.parse import quote

from fastapi import APIRouter, HTTPException, Response

from optimizer.errors import ConvoiError

if TYPE_CHECKING:
    from briefing.write import Written

__all__ = ["Export", "Exports", "data_file", "export_routes"]

_LOG = logging.getLogger(__name__)
_KEPT = 40

State = Literal["making", "ready", "failed"]


@dataclass(frozen=True, slots=True)
class Export:
    """A file that was asked for.

    Parameters
    ----------
    token : str
        Its name in the address, which cannot be guessed.
    name : str
        What it is, for people.
    state : {"making", "ready", "failed"}
        How it stands.
    told : str
        Name of the file, or why there is none.
    """

    token: str
    name: str
    state: State
    told: str = ""


class Exports:
    """Files that were asked for; the latest are kept.

    Parameters
    ----------
    pool : Executor
        Makes them.
    """

    def __init__(self, pool: Executor) -> None:
        self._pool = pool
        self._lock = threading.Lock()
        self._asked: OrderedDict[str, tuple[str, str, Future[Written]]] = OrderedDict()

    def ask(self, work: str, name: str, make: Callable[[], Written]) -> str:
        """Ask for a file.

        Parameters
        ----------
        work : str
            Id of the work that it belongs to.
        name : str
            What it is, for people.
        make : callable
            Makes it.

        Returns
        -------
        str
            Token by which it is fetched.
        """
        token = secrets.token_urlsafe(12)
        with self._lock:
            making = self._pool.submit(make)
            making.add_done_callback(_log_defect)
            self._asked[token] = (work, name, making)
            while len(self._asked) > _KEPT:
                self._asked.popitem(last=False)
        return token

    def of(self, work: str) -> tuple[Export, ...]:
        """Return the files that were asked for of a work, the latest first.

        Parameters
        ----------
        work : str
            Id of the work.

        Returns
        -------
        tuple of Export
            How each stands.
        """
        with self._lock:
            asked = [(t, n, f) for t, (w, n, f) in self._asked.items() if w == work]
        return tuple(_export(*one) for one in reversed(asked))

    def fetch(self, token: str) -> Written | None:
        """Return a file that is ready.

        Parameters
        ----------
        token : str
            Its token.

        Returns
        -------
        Written or None
            None if there is none of that token, or it is not ready.
        """
        with self._lock:
            found = self._asked.get(token)
        if found is None or not found[2].done() or found[2].exception() is not None:
            return None
        return found[2].result()


def _log_defect(made: Future[Written]) -> None:
    """Keep in the log what the page tells in one line and nobody foresaw."""
    error = None if made.cancelled() else made.exception()
    if error is not None and not isinstance(error, ConvoiError):
        _LOG.error("a file could not be made", exc_info=error)


def _export(token: str, name: str, future: Future[Written]) -> Export:
    if not future.done():
        return Export(token, name, "making")
    error = future.exception()
    if error is not None:
        told = str(error) if isinstance(error, ConvoiError) else f"{type(error).__name__}: {error}"
        return Export(token, name, "failed", told)
    return Export(token, name, "ready", future.result().file_name)


def data_file(kind: str, text: str, stem: str) -> Written:
    """Return a file of data.

    Parameters
    ----------
    kind : {"geojson", "plan", "scenario"}
        What it is.
    text : str
        Its content.
    stem : str
        Begin of its name.

    Returns
    -------
    Written
        The file.
    """
    from briefing.write import Written  # noqa: PLC0415 - the writers are loaded when one is needed

    media, suffix = {
        "geojson": ("application/geo+json", ".geojson"),
        "plan": ("application/json", "-plan.json"),
        "scenario": ("application/yaml", "-scenario.yaml"),
    }[kind]
    return Written(text.encode("utf-8"), media, f"{stem}{suffix}")


def export_routes(exports: Exports) -> APIRouter:
    """Return the address at which files are fetched.

    Parameters
    ----------
    exports : Exports
        The files.

    Returns
    -------
    APIRouter
        ``GET /exports/{token}``.
    """
    router = APIRouter()

    @router.get("/exports/{token}", include_in_schema=False)
    def fetch(token: str) -> Response:
        written = exports.fetch(token)
        if written is None:
            raise HTTPException(404, "There is no such file any more; export it again.")
        name = quote(written.file_name)
        headers = {
            "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
            "Cache-Control": "no-store",
        }
        return Response(written.content, media_type=written.media_type, headers=headers)

    return router
