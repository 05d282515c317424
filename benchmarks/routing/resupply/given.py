"""Resupply scenarios with matrices of their own, made once and kept in a folder.

A recipe is a file of a few lines (TOML): what ``convoi scenario generate`` is to make. Matrices
over its theatre would be megabytes, so they are computed when a recipe is first used, and kept.
"""

from __future__ import annotations

import functools
import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optimizer.datasets import data_path
from optimizer.errors import FormatError, NotFoundError, UsageError
from optimizer.files import check_target, write_text
from optimizer.generate.generate import generate_scenario
from optimizer.generate.wish import Wish
from optimizer.network.mesh.store import default_store
from optimizer.network.of_scenario import ground_of
from optimizer.scenario.convoys import Profile, convoys_of
from optimizer.scenario.hours import hours_of
from optimizer.scenario.model import MatrixTable, Scenario
from optimizer.scenario.read import SUFFIXES, load_scenario
from optimizer.terrain.theatre import find_theatre

__all__ = ["RECIPE", "is_resupply", "load", "make", "wish_of"]

RECIPE = ".toml"
_ROOT = Path(__file__).parents[3]
_TABLES = ("time_s", "distance_m", "fuel_m", "exposure_milli")
#: Rooms that change nothing of a scenario nor of its ways.
_ELSEWHERE = {"api", "client", "jobs", "plan", "routing", "verify"}


def is_resupply(path: Path) -> bool:
    """Tell by its name whether a file is a scenario or the recipe of one."""
    return path.suffix in {RECIPE, *SUFFIXES}


def make(path: Path, folder: Path) -> Path:
    """Make a scenario with matrices of its own, unless it is there.

    Parameters
    ----------
    path : Path
        Recipe or scenario.
    folder : Path
        Where it is kept.

    Returns
    -------
    Path
        Its document without matrices; these are beside it, in a file that ends with ``.npz``. The
        name changes with everything that it is made from.

    Raises
    ------
    UsageError
        If the file cannot be read, or its ways cannot be told by one matrix a mobility class.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror})") from error
    digest = hashlib.sha256(content + _sources().encode()).hexdigest()[:12]
    made = folder / f"{path.stem}-{digest}.json"
    if not made.exists():
        scenario = _recipe(path) if path.suffix == RECIPE else load_scenario(path)
        folder.mkdir(parents=True, exist_ok=True)
        check_target(made)
        with made.with_suffix(".npz").open("wb") as target:
            np.savez_compressed(target, **_arrays(scenario))
        document = scenario.model_copy(update={"theatre": None, "matrices": ()})
        # Written last: who finds it finds the matrices too.
        write_text(made, document.model_dump_json(exclude_unset=True))
    return made


def load(made: Path) -> Scenario:
    """Read what `make` made.

    Parameters
    ----------
    made : Path
        Its document.

    Returns
    -------
    Scenario
        With matrices. They are not validated again: that would take longer than a first plan.
    """
    scenario = Scenario.model_validate_json(made.read_bytes())
    tables: dict[str, dict[str, Any]] = {}
    with np.load(made.with_suffix(".npz")) as arrays:
        for name in arrays.files:
            mobility, _, table = name.partition("/")
            tables.setdefault(mobility, {})[table] = _rows(arrays[name])
    sites = tuple(site.id for site in scenario.sites)
    matrices = tuple(
        MatrixTable.model_construct(mobility=mobility, sites=sites, **rows)
        for mobility, rows in tables.items()
    )
    return scenario.model_copy(update={"matrices": matrices})


def _rows(array: NDArray[np.int64]) -> tuple[tuple[int | None, ...], ...]:
    return tuple(tuple(None if v < 0 else v for v in row) for row in array.tolist())


def _recipe(path: Path) -> Scenario:
    name, wish = wish_of(path)
    theatre = find_theatre(name)
    if theatre is None:
        raise NotFoundError(f"{path}: there is no theatre {name!r}")
    try:
        return generate_scenario(theatre, wish)
    except TypeError as error:
        raise FormatError(f"{path}: a value has the wrong type: {error}") from error


def wish_of(path: Path) -> tuple[str, Wish]:
    """Read a recipe.

    Parameters
    ----------
    path : Path
        Its file.

    Returns
    -------
    tuple of str and Wish
        Name of the theatre, and what the scenario is to be like.

    Raises
    ------
    FormatError
        If it is no recipe.
    """
    try:
        recipe = tomllib.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise FormatError(f"{path}: no recipe: {error}") from error
    keys = ["theatre", *(field.name for field in fields(Wish))]
    for name in sorted(set(recipe) - set(keys)):
        raise FormatError(f"{path}: {name!r} is no key of a recipe; there are {', '.join(keys)}")
    for name in ("theatre", "sites", "vehicles", "seed"):
        if name not in recipe:
            raise FormatError(f"{path}: {name!r} is missing, which every recipe has")
    return str(recipe.pop("theatre")), Wish(**recipe)


def _arrays(scenario: Scenario) -> dict[str, NDArray[np.int64]]:
    """Return the tables of each mobility class, named ``CLASS/TABLE``; -1 where there is no way."""
    theatre = None
    if scenario.theatre is not None:
        theatre = find_theatre(scenario.theatre.name, scenario.theatre.digest)
        if theatre is None:
            raise NotFoundError(
                f"there is no theatre {scenario.theatre.name!r}, or another version"
            )
    if hours_of(scenario).vary:
        raise UsageError("areas and changes that hold by the hour cannot be told by one matrix")
    ground = ground_of(scenario, theatre, store=default_store())
    found = {}
    for mobility, profile in _profiles(scenario).items():
        matrix = ground.matrix(profile, scenario.rules.criterion)
        for table in _TABLES:
            values: NDArray[np.int64] = getattr(matrix, table)
            if table != "exposure_milli" or values.max() > 0:
                found[f"{mobility}/{table}"] = values
    return found


def _profiles(scenario: Scenario) -> Mapping[str, Profile]:
    """Return the one profile of each mobility class."""
    profiles: dict[str, Profile] = {}
    for convoy in convoys_of(scenario):
        profile = convoy.profile
        alone = len(profile.mobility) == 1
        if not alone or profiles.setdefault(profile.mobility[0], profile) != profile:
            raise UsageError(
                f"convoy {convoy.id!r}: its ways are not those of one mobility class; all convoys"
                " of a class must have the same limits, and each convoy one class"
            )
    return profiles


@functools.cache
def _sources() -> str:
    """Return a digest of what scenarios and ways are made by."""
    digest = hashlib.sha256()
    room = _ROOT / "optimizer"
    code = [p for p in room.rglob("*.py") if p.relative_to(room).parts[0] not in _ELSEWHERE]
    data = [*data_path().rglob("*.csv"), *data_path().rglob("theatre.json")]
    for path in (*sorted(code), *sorted(data), Path(__file__)):
        digest.update(path.read_bytes())
    return digest.hexdigest()
