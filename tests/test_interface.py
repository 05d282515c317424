"""The names that other programs import."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import optimizer


def test_every_name_of_the_interface_is_there() -> None:
    assert all(callable(getattr(optimizer, name)) for name in optimizer.__all__)


def test_no_name_of_the_interface_is_that_of_a_room() -> None:
    # `import optimizer.verify` would put the module in the place of a function `optimizer.verify`.
    rooms = {path.stem for path in Path(optimizer.__path__[0]).iterdir()}
    assert not rooms & set(optimizer.__all__)


def test_reading_a_plan_loads_no_solver_and_no_geometry() -> None:
    code = (
        "import sys; from optimizer import load_plan;"
        "print(sorted({'ortools', 'pyvrp', 'geopandas', 'shapely', 'numba'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_an_unknown_name_is_an_attribute_error() -> None:
    assert not hasattr(optimizer, "weapons")
