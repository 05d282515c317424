"""The folder that is filled, and its record: what is there is not fetched again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from optimizer.errors import OutsideError, UsageError
from optimizer.files import write_text
from optimizer.progress import Advance
from optimizer.terrain.fetch.credits import sources_page
from optimizer.terrain.fetch.homes import Home, Homes
from optimizer.terrain.fetch.survey import Catalogue, Needed, check_catalogue
from optimizer.terrain.fetch.transfer import AbsentError, Web
from optimizer.terrain.fetched import Fetched, Record, read_record, sha256_of, write_record

__all__ = ["SOURCES", "Folder"]

#: Name of the page of sources and licences.
SOURCES = "SOURCES.md"
_CATALOGUE = "catalogue"


class Folder:
    """A folder that is filled.

    Parameters
    ----------
    path : Path
        Where it is; made when something is written.
    now : callable
        Gives the time that is noted.

    Attributes
    ----------
    record : Record
        What it holds.
    remarks : list of str
        What the user should know of what was fetched.
    """

    def __init__(self, path: Path, now: Callable[[], datetime]) -> None:
        if path.exists() and not path.is_dir():
            raise UsageError(f"{path} is no folder; name a folder to fill")
        self.path = path
        self.record: Record = read_record(path)
        self.remarks: list[str] = []
        self._now = now

    def catalogues(self, web: Web, *, keep: bool) -> Catalogue:
        """Return what gives the text of a catalogue: from here, else from its home.

        Parameters
        ----------
        web : Web
            Gets it.
        keep : bool
            Whether it is written here.

        Returns
        -------
        callable
            From a home to a text.
        """

        def give(home: Home) -> str:
            url = home.url(home.catalogue)
            path = self.path / f"{home.kind}-{home.catalogue.rpartition('/')[2]}"
            noted = self.record.files.get(path.name)
            if noted is not None and noted.url == url and noted.stands_in(self.path):
                return path.read_text("utf-8")
            text = web.text(url)
            check_catalogue(home, text)
            if keep:
                self._make()
                write_text(path, text)
                self._note(path, _CATALOGUE, url, home)
            return text

        return give

    def standing(self, needed: Sequence[Needed]) -> dict[str, int]:
        """Tell what is here already.

        Parameters
        ----------
        needed : sequence of Needed
            What is asked for.

        Returns
        -------
        dict of str to int
            Bytes by name.
        """
        files = self.record.files
        return {
            one.name: files[one.name].bytes
            for one in needed
            if one.name in files
            and files[one.name].url == one.url
            and files[one.name].stands_in(self.path)
        }

    def get(self, one: Needed, web: Web, advance: Advance) -> None:
        """Fetch a file and note it.

        Parameters
        ----------
        one : Needed
            The file.
        web : Web
            Gets it.
        advance : callable
            Told of bytes.
        """
        self._make()
        path = self.path / one.name
        judge = _Checksum(one, web)
        web.file(one.url, path, one.home.kind, judge=judge, advance=advance)
        if judge.remark:
            self.remarks.append(judge.remark)
        self._note(path, one.home.kind, one.url, one.home, judge.checked)

    def close(self, absent: Sequence[Needed], homes: Homes) -> None:
        """Note what is nowhere, and write the page of sources.

        Parameters
        ----------
        absent : sequence of Needed
            Tiles that their homes do not have.
        homes : dict of str to Home
            Where things live.
        """
        self._make()
        self.record.absent = sorted({*self.record.absent, *(one.name for one in absent)})
        write_record(self.path, self.record)
        write_text(self.path / SOURCES, sources_page(self.record, homes))

    def _make(self) -> None:
        try:
            self.path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutsideError(
                f"folder {self.path} cannot be made: {error.strerror or error}"
            ) from error

    def _note(self, path: Path, kind: str, url: str, home: Home, checked: str = "") -> None:
        self.record.files[path.name] = Fetched(
            name=path.name,
            kind=kind,
            url=url,
            bytes=path.stat().st_size,
            sha256=sha256_of(path),
            checked=checked,
            fetched=self._now().isoformat(timespec="seconds"),
            title=home.title,
            licence=home.licence,
            attribution=home.attribution,
            date=home.date,
        )
        # After each file: whatever ends the next one, this one is not fetched again.
        write_record(self.path, self.record)


class _Checksum:
    """Compares a file with the checksum that its home publishes, where it does."""

    def __init__(self, one: Needed, web: Web) -> None:
        self._name = one.name
        self._url = f"{one.url}{one.home.checksum}" if one.home.checksum else ""
        self._web = web
        self.checked = ""
        self.remark = ""

    def __call__(self, path: Path) -> str:
        if not self._url:
            return ""
        try:
            published = self._web.text(self._url).split()
        except AbsentError as error:
            self.remark = f"{self._name} was compared with no checksum: {error}"
            return ""
        with path.open("rb") as file:
            own = hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
        if not published or published[0].lower() != own:
            says = published[0][:32] if published else "nothing"
            return f"a file with the MD5 {own}; {self._url} says {says}"
        self.checked = f"md5 {own}"
        return ""
