"""Questions that take a worker long, but are no jobs: they are asked again if one is lost."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from optimizer.jobs.kept import Kept
from optimizer.jobs.records import fault_record, unpack
from optimizer.jobs.task import scenario_in
from optimizer.network.matrices import matrices_document, matrices_on
from optimizer.plan.model import Plan
from optimizer.progress import progress
from optimizer.scenario.model import Criterion
from optimizer.terrain.theatre import find_theatre
from optimizer.verify import proved
from optimizer.verify import verify as find_violations

__all__ = ["answer"]


def answer(name: str, content: bytes, options: Mapping[str, Any], kept: Kept) -> bytes:
    """Answer a question.

    Parameters
    ----------
    name : {"matrices", "verify"}
        Which one.
    content : bytes
        Packed JSON: of a scenario for ``matrices``, of a plan for ``verify``.
    options : mapping
        For ``matrices``: ``criterion``, a name or None for that of the scenario's rules.
    kept : Kept
        Ground in memory.

    Returns
    -------
    bytes
        JSON.

    Raises
    ------
    FaultsError
        If a scenario does not fit its ground.
    """
    document = _QUESTIONS[name](content, options, kept)
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _matrices(content: bytes, options: Mapping[str, Any], kept: Kept) -> dict[str, Any]:
    scenario = scenario_in(content)
    criterion = Criterion(options.get("criterion") or scenario.rules.criterion)
    found = matrices_on(scenario, kept.ground(scenario, progress), criterion)
    return matrices_document(scenario, found, criterion)


def _verify(content: bytes, options: Mapping[str, Any], kept: Kept) -> dict[str, Any]:
    del options
    plan = Plan.model_validate_json(unpack(content), strict=True)
    stamp = plan.theatre
    theatre = None if stamp is None else find_theatre(stamp.name, stamp.digest)
    found = find_violations(plan, None if theatre is None else kept.known(theatre))
    return {
        "proved": proved(found),
        "violations": [
            fault_record(fault) | {"text": {lang: fault.text(lang) for lang in ("en", "fr")}}
            for fault in found
        ],
    }


_QUESTIONS: Mapping[str, Callable[[bytes, Mapping[str, Any], Kept], dict[str, Any]]] = {
    "matrices": _matrices,
    "verify": _verify,
}
