"""The state folder: where it lies, who may read it, and that only one server uses it."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import IO

from optimizer.errors import OutsideError, UsageError
from optimizer.files import user_folder

__all__ = ["StateFolder", "default_folder"]

_MODE = 0o700


def default_folder() -> Path:
    """Return where the state of Convoi lies if nothing else is said.

    Returns
    -------
    Path
        ``$XDG_STATE_HOME/convoi``, by default ``~/.local/state/convoi``.
    """
    return user_folder("XDG_STATE_HOME", ".local/state") / "convoi"


class StateFolder:
    """A state folder that is held until it is closed.

    Parameters
    ----------
    folder : Path
        Folder; made where it is missing. Only its owner may look inside.

    Raises
    ------
    UsageError
        If it is a file.
    OutsideError
        If it cannot be made or written, or another server holds it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            folder.mkdir(mode=_MODE, parents=True, exist_ok=True)
            # The mode of mkdir is subject to the umask, and does not touch what is there already.
            folder.chmod(_MODE)
            self._lock: IO[str] = (folder / "lock").open("a+", encoding="utf-8")
        except (FileExistsError, NotADirectoryError) as error:
            raise UsageError(f"{folder} is no folder; name a folder for the state") from error
        except OSError as error:
            raise OutsideError(
                f"the state folder {folder} cannot be used: {error.strerror or error}"
            ) from error
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._lock.seek(0)
            holder = self._lock.read(20).strip()
            self._lock.close()
            who = f" (process {holder})" if holder.isdecimal() else ""
            raise OutsideError(
                f"another server{who} uses the state folder {folder}; end it, or name another"
                " folder with --state"
            ) from error
        self._lock.truncate(0)
        self._lock.write(str(os.getpid()))
        self._lock.flush()

    def close(self) -> None:
        """Let go of the folder."""
        # Closing gives the lock back; a file that is left says nothing.
        self._lock.close()
