"""The shape of a document: what the models refuse, as faults in the planner's language."""

from __future__ import annotations

import json
import re
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from optimizer.faults import Fault
from optimizer.scenario.model import Scenario
from optimizer.scenario.names import nearest
from optimizer.scenario.places import pointer

__all__ = ["shape_faults", "validate"]

Params = Mapping[str, str | int | float]

#: Type of error -> code of a fault that says what was found.
_FOUND = {
    "string_type": "scenario.want_text",
    "int_type": "scenario.want_whole_number",
    "int_from_float": "scenario.want_whole_number",
    "float_type": "scenario.want_number",
    "bool_type": "scenario.want_boolean",
    "tuple_type": "scenario.want_list",
    "model_type": "scenario.want_mapping",
    "mapping_type": "scenario.want_mapping",
    "dict_type": "scenario.want_mapping",
    "datetime_type": "scenario.bad_time",
    "bad_time": "scenario.bad_time",
    "naive_time": "scenario.naive_time",
    "finite_number": "scenario.not_finite",
    "position_form": "scenario.position_form",
    "bad_mgrs": "scenario.bad_mgrs",
    "id_and_count": "scenario.id_and_count",
    "change_target": "scenario.change_target",
}
_BOUNDS = ("gt", "ge", "lt", "le")
_LEAST_POSITIVE = 0.001  # of `Positive` in the models
_FOUND_LENGTH = 60


def validate(data: Mapping[str, Any]) -> Scenario:
    """Make the models from a document, as strictly as JSON is typed: ``"3"`` is no number.

    Parameters
    ----------
    data : mapping
        Plain data.

    Returns
    -------
    Scenario
        The models.

    Raises
    ------
    ValidationError
        If the shape of something is wrong; all such places at once.
    """
    return Scenario.model_validate_json(json.dumps(data), strict=True)


def shape_faults(error: ValidationError, root: type[BaseModel] = Scenario) -> Iterator[Fault]:
    """Translate what the models refused.

    Parameters
    ----------
    error : ValidationError
        From `validate`.
    root : type of BaseModel
        Model of the whole document.

    Yields
    ------
    Fault
        One for each refusal, in the order of the models.
    """
    for detail in error.errors(include_url=False):
        loc = detail["loc"]
        if _counts_only_sound_entries(detail):
            continue
        code, params = _translate(detail, root)
        missing = detail["type"] == "missing"
        yield Fault(code, pointer(*(loc[:-1] if missing else loc)), params)


def _counts_only_sound_entries(detail: ErrorDetails) -> bool:
    """Tell whether a list is called too short only because its entries are misshapen."""
    given = detail["input"]
    return (
        detail["type"] == "too_short"
        and isinstance(given, list)
        and len(given) >= detail["ctx"]["min_length"]
    )


def _translate(detail: ErrorDetails, root: type[BaseModel]) -> tuple[str, Params]:
    translator = _TRANSLATORS.get(detail["type"])
    if translator is not None:
        return translator(detail, root)
    found = _short(detail.get("input"))
    if any(bound in detail.get("ctx", {}) for bound in _BOUNDS):
        return _out_of_range(str(detail["loc"][-1]), found, detail["ctx"])
    return _FOUND.get(detail["type"], "scenario.invalid"), {"found": found}


def _unknown_key(detail: ErrorDetails, root: type[BaseModel]) -> tuple[str, Params]:
    *above, key = detail["loc"]
    model = _model_at(above, root)
    known = model.model_fields if model is not None else ()
    return "scenario.unknown_key", {"key": str(key), "near": nearest(str(key), known)}


def _missing(detail: ErrorDetails, _: type[BaseModel]) -> tuple[str, Params]:
    key = detail["loc"][-1]
    if isinstance(key, int):  # of a pair, such as the longitude and latitude of a corner
        return "scenario.too_few", {"least": key + 1}
    return "scenario.missing_key", {"key": key}


def _length(detail: ErrorDetails, _: type[BaseModel]) -> tuple[str, Params]:
    context = detail["ctx"]
    match detail["type"]:
        case "too_short":
            return "scenario.too_few", {"least": context["min_length"]}
        case "too_long":
            return "scenario.too_many", {"most": context["max_length"]}
        case _:
            length = len(str(detail["input"]))
            return "scenario.text_too_long", {"most": context["max_length"], "length": length}


def _pattern(detail: ErrorDetails, _: type[BaseModel]) -> tuple[str, Params]:
    code = "scenario.bad_digest" if detail["loc"][-1] == "digest" else "scenario.bad_id"
    return code, {"found": _short(detail["input"])}


def _choice(detail: ErrorDetails, _: type[BaseModel]) -> tuple[str, Params]:
    choices = re.findall(r"'([^']*)'", detail["ctx"]["expected"])
    return "scenario.not_one_of", {
        "found": _short(detail["input"]),
        "choices": ", ".join(choices),
        "near": nearest(str(detail["input"]), choices),
    }


_TRANSLATORS: Mapping[str, Callable[[ErrorDetails, type[BaseModel]], tuple[str, Params]]] = {
    "extra_forbidden": _unknown_key,
    "missing": _missing,
    "too_short": _length,
    "too_long": _length,
    "string_too_long": _length,
    "string_pattern_mismatch": _pattern,
    "literal_error": _choice,
    "enum": _choice,
}


def _out_of_range(key: str, found: str, context: Mapping[str, Any]) -> tuple[str, Params]:
    if key == "priority":
        return "scenario.priority_range", {"found": found}
    if context.get("gt") == 0 or context.get("ge") == _LEAST_POSITIVE:
        return "scenario.not_positive", {"found": found}
    if context.get("ge") == 0:
        return "scenario.negative", {"found": found}
    bound = next(b for b in _BOUNDS if b in context)
    code = "scenario.too_small" if bound in ("gt", "ge") else "scenario.too_large"
    return code, {"found": found, "limit": _number(context[bound])}


def _number(value: float) -> float:
    return int(value) if float(value).is_integer() else value


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _FOUND_LENGTH else text[: _FOUND_LENGTH - 3] + "..."


def _model_at(loc: Sequence[int | str], root: type[BaseModel]) -> type[BaseModel] | None:
    """Follow a place through the annotations of the models."""
    current: Any = root
    for part in loc:
        if isinstance(part, int):
            items = get_args(current)
            current = items[0] if items else None
        elif isinstance(current, type) and issubclass(current, BaseModel):
            field = current.model_fields.get(part)
            current = field.annotation if field is not None else None
        current = _bare(current)
    return current if isinstance(current, type) and issubclass(current, BaseModel) else None


def _bare(annotation: Any) -> Any:  # noqa: ANN401 - annotations have no common type
    """Take off ``Annotated`` and ``| None``."""
    while True:
        origin = get_origin(annotation)
        if origin is Annotated:
            annotation = get_args(annotation)[0]
        elif origin in (Union, types.UnionType):
            annotation = next(a for a in get_args(annotation) if a is not types.NoneType)
        else:
            return annotation
