"""A server of Convoi, as its client sees it."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx2

from optimizer.client.answers import checked, faults_of, job_of
from optimizer.client.remote import RemoteJob
from optimizer.errors import OutsideError
from optimizer.faults import Fault, Language
from optimizer.files import read_text
from optimizer.jobs.model import Job
from optimizer.plan.model import Plan
from optimizer.scenario.model import Scenario

__all__ = ["Client", "Given", "Verdict"]

#: A scenario: the model, its document as plain data, or a file in YAML or JSON.
Given = Scenario | Mapping[str, object] | Path

_JSON = "application/json"
_SYNTAXES = {".json": _JSON, ".yaml": "application/yaml", ".yml": "application/yaml"}
#: Seconds for the first letter of an answer. A question about ground takes long; an event stream
#: says that it lives every 15 s.
_ANSWER_S = 600.0
_CONNECT_S = 5.0
#: Seconds between two looks whether a server is ready.
_LOOK_S = 0.2


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the verifier says of a plan.

    Parameters
    ----------
    proved : bool or None
        Whether it keeps every rule; None where not all could be checked.
    violations : tuple of Fault
        What it breaks, or what could not be checked.
    """

    proved: bool | None
    violations: tuple[Fault, ...]


class Client:
    """A server of Convoi. May be used as a context manager.

    Parameters
    ----------
    url : str
        Where it is.
    patience_s : float
        How long a server that does not answer is waited for while a job is followed: it may be
        started again.
    transport : BaseTransport, optional
        How requests are sent, in tests.
    """

    def __init__(
        self,
        url: str = "http://127.0.0.1:8765",
        *,
        patience_s: float = 30.0,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        self.url = url.rstrip("/")
        self.patience_s = patience_s
        # Without the environment: no proxy stands between two programs of one machine.
        self._http = httpx2.Client(
            base_url=f"{self.url}/api/v1",
            timeout=httpx2.Timeout(_ANSWER_S, connect=_CONNECT_S),
            trust_env=False,
            transport=transport,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections; jobs go on."""
        self._http.close()

    def plan(
        self,
        scenario: Given,
        *,
        iterations: int | None = None,
        time_limit_s: float | None = None,
        seed: int = 1,
        workers: int = 1,
        parent: RemoteJob | None = None,
        decided_until: datetime | None = None,
        keep: Sequence[str] = (),
        key: str | None = None,
    ) -> RemoteJob:
        """Submit a scenario.

        Parameters
        ----------
        scenario : Scenario, mapping or Path
            The scenario, its document, or a file of it.
        iterations : int, optional
            Budget in iterations.
        time_limit_s : float, optional
            Budget in seconds; 20 s if neither is given.
        seed : int
            Seed.
        workers : int
            Threads of the search.
        parent : RemoteJob, optional
            Job whose plan this one goes on from: never worse than what still holds of it.
        decided_until : datetime, optional
            Trips of that plan that began before this time stay as they are.
        keep : sequence of str
            Convoys whose routes stay as they are there.
        key : str, optional
            The same key with the same scenario and options is the same job.

        Returns
        -------
        RemoteJob
            The job.

        Raises
        ------
        FaultsError
            If the scenario has faults; carries all of them.
        ConflictError
            If the key was used for something else.
        UsageError
            If an option is wrong.
        OutsideError
            If the server does not answer.
        """
        options: dict[str, str | float | Sequence[str] | None] = {
            "iterations": iterations,
            "time_limit_s": time_limit_s,
            "seed": seed,
            "workers": workers,
            "parent": None if parent is None else parent.id,
            "decided_until": None if decided_until is None else decided_until.isoformat(),
            "keep": list(keep) or None,
        }
        answer = self.ask(
            "POST",
            "/plans",
            given=scenario,
            query={name: value for name, value in options.items() if value is not None},
            headers={} if key is None else {"idempotency-key": key},
        )
        return RemoteJob(self, answer.json()["id"])

    def job(self, id: str) -> RemoteJob:  # noqa: A002 - the noun of the field
        """Return a job by its id.

        Parameters
        ----------
        id : str
            Its id.

        Returns
        -------
        RemoteJob
            The job; whether it exists is found out when it is asked for something.
        """
        return RemoteJob(self, id)

    def jobs(self, limit: int = 50) -> tuple[Job, ...]:
        """Return the latest jobs, the newest first.

        Parameters
        ----------
        limit : int
            At most so many.

        Returns
        -------
        tuple of Job
            Jobs.
        """
        told = self.ask("GET", "/plans", query={"limit": limit}).json()["jobs"]
        return tuple(job_of(one) for one in told)

    def matrices(self, scenario: Given, criterion: str | None = None) -> dict[str, Any]:
        """Return time, distance, fuel and exposure between all sites.

        Parameters
        ----------
        scenario : Scenario, mapping or Path
            As of `plan`.
        criterion : {"time", "distance", "fuel", "exposure"}, optional
            What paths are best for; by default that of the scenario's rules.

        Returns
        -------
        dict
            Document of the format ``convoi/matrices/1``.
        """
        query = {} if criterion is None else {"criterion": criterion}
        found: dict[str, Any] = self.ask("POST", "/matrices", given=scenario, query=query).json()
        return found

    def verify(self, plan: Plan) -> Verdict:
        """Let the server recompute a plan.

        Parameters
        ----------
        plan : Plan
            Plan.

        Returns
        -------
        Verdict
            Whether it keeps every rule.
        """
        body = plan.model_dump_json().encode()
        told = self.ask("POST", "/verify", body=body).json()
        return Verdict(told["proved"], faults_of(told["violations"]))

    def briefing(
        self,
        plan: Plan | RemoteJob,
        *,
        document: str,
        language: Language = "en",
        form: str = "pdf",
        before: Plan | RemoteJob | None = None,
    ) -> bytes:
        """Return a document of a plan.

        Parameters
        ----------
        plan : Plan or RemoteJob
            The plan, or the job that made it.
        document : str
            Which one, such as ``movement-order``.
        language : {"en", "fr"}
            Language.
        form : {"md", "html", "pdf"}
            Format.
        before : Plan or RemoteJob, optional
            The plan that it is compared with.

        Returns
        -------
        bytes
            The document, a draft: who releases one states it to the command or the interface.
        """
        wish = {
            "plan": _named(plan),
            "before": None if before is None else _named(before),
            "document": document,
            "language": language,
            "format": form,
        }
        return self.ask("POST", "/briefings", body=json.dumps(wish).encode()).content

    def until_ready(self, seconds: float = 30.0) -> Self:
        """Wait for a server that is being started.

        Parameters
        ----------
        seconds : float
            At most so long.

        Returns
        -------
        Client
            This one.

        Raises
        ------
        OutsideError
            If it is not ready by then.
        """
        end = time.monotonic() + seconds
        while True:
            try:
                if self.health()["status"] == "ok":
                    return self
                trouble = f"{self.url} is still starting"
            except OutsideError as error:
                trouble = str(error)
            if time.monotonic() >= end:
                raise OutsideError(trouble)
            time.sleep(_LOOK_S)

    def health(self) -> dict[str, Any]:
        """Return how the server is.

        Returns
        -------
        dict
            ``status``, ``version``, ``workers``, ``ready`` and ``jobs`` by state.
        """
        found: dict[str, Any] = self.ask("GET", "/health").json()
        return found

    def ask(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str | float | Sequence[str]] | None = None,
        given: Given | None = None,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx2.Response:
        """Ask the server.

        Parameters
        ----------
        method : str
            Method of HTTP.
        path : str
            Path under ``/api/v1``.
        query : mapping, optional
            Parameters.
        given : Scenario, mapping or Path, optional
            Scenario to be sent.
        body : bytes, optional
            JSON to be sent.
        headers : mapping, optional
            Headers.

        Returns
        -------
        Response
            A success.

        Raises
        ------
        ConvoiError
            As the problem tells.
        OutsideError
            If the server does not answer.
        """
        kind = _JSON
        if given is not None:
            body, kind = _body(given)
        try:
            answer = self._http.request(
                method,
                path,
                params=dict(query or {}),
                content=body,
                headers={**(headers or {}), **({} if body is None else {"content-type": kind})},
            )
        except httpx2.TransportError as error:
            raise OutsideError(
                f"{self.url} does not answer: {error}; is 'convoi serve' or 'convoi api' running"
                " there?"
            ) from error
        return checked(answer)

    @contextlib.contextmanager
    def stream(
        self, path: str, headers: Mapping[str, str], silence_s: float = _ANSWER_S
    ) -> Iterator[httpx2.Response]:
        """Ask for an answer that comes piece by piece.

        Parameters
        ----------
        path : str
            Path under ``/api/v1``.
        headers : mapping
            Headers.
        silence_s : float
            Seconds without a letter after which it is given up.

        Yields
        ------
        Response
            A success, not read.

        Raises
        ------
        ConvoiError
            As the problem tells.
        TransportError
            If the server does not answer, or no more.
        """
        limit = httpx2.Timeout(min(silence_s, _ANSWER_S), connect=_CONNECT_S)
        with self._http.stream("GET", path, headers=dict(headers), timeout=limit) as answer:
            if not answer.is_success:
                answer.read()
            yield checked(answer)


def _body(given: Given) -> tuple[bytes, str]:
    if isinstance(given, Path):
        # As it stands, so that faults name the lines of the file.
        return read_text(given).encode(), _SYNTAXES.get(given.suffix.lower(), "application/yaml")
    document = given.document() if isinstance(given, Scenario) else given
    return json.dumps(document, ensure_ascii=False).encode(), _JSON


def _named(plan: Plan | RemoteJob) -> dict[str, Any] | str:
    return plan.id if isinstance(plan, RemoteJob) else plan.model_dump(mode="json")
