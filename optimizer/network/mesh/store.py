"""Ways over open ground kept on disk from one run to the next, by what they depend on.

A file is named by the digest of everything that its content depends on, the search itself included,
and written whole or not at all; so processes may read and write at once, and what is old is never
taken for what is new.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import io
import os
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optimizer.errors import OutsideError, UsageError
from optimizer.files import user_folder, write_bytes
from optimizer.network.search.cells import Cells

__all__ = ["Arrays", "Store", "default_store", "digest"]

Arrays = dict[str, Any]
#: The ways of a class over 60 by 60 km at 30 m are some 80 MB.
_MOST_BYTES = 2 << 30
_CODE = (
    "../search/cells.py",
    "../search/reach.py",
    "overlay.py",
    "regions.py",
    "spokes.py",
    "exact.py",
    "differences.py",
)


class Store:
    """A folder of arrays; the least recently used are dropped when it grows too large.

    Whatever cannot be read counts as not there, and whatever cannot be written is left out: ways
    that are not kept are only slower.

    Parameters
    ----------
    folder : Path
        Folder; made when something is first kept.
    most_bytes : int
        How large it may grow.
    """

    def __init__(self, folder: Path, most_bytes: int = _MOST_BYTES) -> None:
        self._folder = folder
        self._most_bytes = most_bytes

    def get(self, key: str) -> Arrays | None:
        """Return what is kept under a key.

        Parameters
        ----------
        key : str
            Name of a file without its ending.

        Returns
        -------
        dict of ndarray or None
            Arrays by name; None where nothing is kept, or what is kept is damaged.
        """
        file = self._file(key)
        try:
            with file.open("rb") as opened, np.load(opened, allow_pickle=False) as kept:
                arrays = dict(kept)
            os.utime(file)
        except FileNotFoundError:
            return None
        # RuntimeError: a damaged head may claim a version or a password that zipfile refuses.
        except (OSError, ValueError, KeyError, EOFError, RuntimeError, zipfile.BadZipFile):
            with contextlib.suppress(OSError):
                file.unlink()
            return None
        return arrays

    def put(self, key: str, arrays: Arrays) -> None:
        """Keep arrays under a key.

        Parameters
        ----------
        key : str
            Name of a file without its ending.
        arrays : dict of ndarray
            Arrays by name.
        """
        content = io.BytesIO()
        np.savez(content, **arrays)
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_bytes(self._file(key), content.getbuffer())
            self._drop(self._file(key))
        except (OSError, UsageError, OutsideError):
            return

    def _file(self, key: str) -> Path:
        return self._folder / f"{key}.npz"

    def _drop(self, but: Path) -> None:
        """Drop the least recently used files until what is left is small enough."""
        known = []
        for file in self._folder.iterdir():
            with contextlib.suppress(OSError):  # another process may have dropped it
                stat = file.stat()
                known.append((file == but, stat.st_mtime_ns, stat.st_size, file))
        total = sum(size for _, _, size, _ in known)
        for is_new, _, size, file in sorted(known):
            if total <= self._most_bytes or is_new:
                break
            with contextlib.suppress(OSError):
                file.unlink()
            total -= size


def default_store() -> Store:
    """Return the store of this user.

    Returns
    -------
    Store
        In ``$XDG_CACHE_HOME/convoi/ways``, by default ``~/.cache/convoi/ways``.
    """
    return Store(user_folder("XDG_CACHE_HOME", ".cache") / "convoi" / "ways")


def digest(ground: Cells, gate_cells: NDArray[np.int32], site_cells: NDArray[np.int32]) -> str:
    """Return the digest of everything that the ways over open ground depend on.

    Parameters
    ----------
    ground : Cells
        Open ground, weighed.
    gate_cells, site_cells : ndarray of int32
        Cells where a road can be left, and of sites.

    Returns
    -------
    str
        Hexadecimal.
    """
    content = hashlib.blake2b(_code(), digest_size=20)
    for part in (*ground, gate_cells, site_cells):
        values = np.ascontiguousarray(part)
        content.update(f"{values.dtype.str}{values.shape}".encode())
        content.update(values.tobytes())
    return content.hexdigest()


@functools.cache
def _code() -> bytes:
    here = Path(__file__).parent
    return b"".join(hashlib.blake2b((here / name).read_bytes()).digest() for name in _CODE)
