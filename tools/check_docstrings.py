"""Checks the docstring of every public thing against numpydoc's rules.

The rules are those of ``[tool.numpydoc_validation]`` in ``pyproject.toml``. numpydoc's own hook
reads the syntax tree and therefore takes the fields of a dataclass for unknown parameters, a
property for a function that documents no return value, and the help of a command for its
docstring. This one imports the modules and asks the objects. Modules and private names are ruff's.

A class whose constructor nobody wrote (a dataclass, a model, an enumeration, a protocol) may let
its annotated fields speak for themselves; what it does document must be complete and right.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import sys
import tomllib
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from functools import cached_property
from pathlib import Path
from types import ModuleType

from numpydoc.validate import validate

__all__ = ["complaints", "public_things"]

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("optimizer", "briefing", "dashboard", "convoi")


def _modules(name: str) -> Iterator[ModuleType]:
    module = importlib.import_module(name)
    yield module
    for info in pkgutil.iter_modules(getattr(module, "__path__", ()), prefix=f"{name}."):
        if not info.name.rpartition(".")[2].startswith("_"):
            yield from _modules(info.name)


def _members(owner: type) -> Iterator[tuple[str, object]]:
    for name, member in vars(owner).items():
        inner = inspect.unwrap(getattr(member, "__func__", member))
        is_ours = inspect.isfunction(inner) or isinstance(member, property | cached_property)
        if is_ours and not name.startswith("_"):
            yield name, member


def public_things(module: ModuleType) -> Iterator[tuple[str, object]]:
    """Yield the public classes, functions and methods that a module defines.

    Parameters
    ----------
    module : module
        An imported module.

    Yields
    ------
    tuple of str and object
        Dotted name and the thing.
    """
    for name in getattr(module, "__all__", ()):
        thing: object = getattr(module, name)
        dotted = f"{module.__name__}.{name}"
        if getattr(thing, "__module__", None) != module.__name__:
            continue  # passed on from elsewhere, and checked there
        if inspect.isclass(thing):
            yield dotted, thing
            yield from ((f"{dotted}.{member}", value) for member, value in _members(thing))
        elif inspect.isfunction(thing):
            yield dotted, thing


def _speaks_by_fields(thing: object) -> bool:
    if not inspect.isclass(thing) or "Parameters\n" in (thing.__doc__ or ""):
        return False
    init = vars(thing).get("__init__")
    written = inspect.isfunction(init) and inspect.getsourcefile(init) == inspect.getsourcefile(
        thing
    )
    return not written


def _is_about_private_fields(code: str, message: str) -> bool:
    names = re.findall(r"'(\w+)'", message)
    return code == "PR01" and all(name.startswith("_") for name in names)


def complaints(name: str, thing: object, checks: AbstractSet[str]) -> Iterator[str]:
    """Yield what numpydoc finds wrong in one docstring.

    Parameters
    ----------
    name : str
        Dotted name of a class, function or method.
    thing : object
        What bears the name.
    checks : set of str
        Codes of the rules that count.

    Yields
    ------
    str
        File and line, code, name and message.
    """
    counted = checks - {"PR01"} if _speaks_by_fields(thing) else checks
    report = validate(name)
    for code, message in report["errors"]:
        if code in counted and not _is_about_private_fields(code, message):
            yield f"{report['file']}:{report['file_line']}: {code} {name}: {message}"


def main() -> int:
    """Check every module; print each complaint.

    Returns
    -------
    int
        Exit code: 1 if there was a complaint.
    """
    sys.path.insert(0, str(ROOT))
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    checks = frozenset(config["tool"]["numpydoc_validation"]["checks"])
    things = [
        pair for root in PACKAGES for module in _modules(root) for pair in public_things(module)
    ]
    found = [complaint for pair in things for complaint in complaints(*pair, checks)]
    for complaint in found:
        print(complaint, file=sys.stderr)
    print(f"{len(things)} docstrings, {len(found)} complaints")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
