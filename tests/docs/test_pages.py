"""Every command and piece of Python that the documentation shows is run; links lead somewhere.

CONTRIBUTING.md states the rules for those who write pages. A page is one story: its blocks are run
in order in one folder, so that a block may read what an earlier one wrote.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
TIMEOUT_S = 240

RUN = {"console", "python", "sh"}
#: What is shown only. Anything else, ``bash`` for one, is refused: it would silently not be run.
SHOWN = {"", "csv", "geojson", "json", "markdown", "mermaid", "text", "toml", "yaml"}

BLOCK = re.compile(
    r"(?P<excuse><!--[^\n]*?-->\n+)?^```(?P<language>[^\n`]*)\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
CODE = re.compile(r"^```.*?^```$|^ {4}[^\n]*$|`[^`\n]*`", re.MULTILINE | re.DOTALL)
NOT_RUN = re.compile(r"<!-- not run: \w.* -->\n")


@dataclass(frozen=True)
class Block:
    """A fenced block of a page."""

    line: int
    language: str
    text: str
    is_excused: bool


@dataclass(frozen=True)
class Command:
    """A line of a console block and what it is said to print; nothing said is nothing compared."""

    line: str
    prints: str


def blocks(page: str) -> list[Block]:
    """Give the fenced blocks of a page, in order."""
    return [
        Block(
            line=page.count("\n", 0, match.start("language")) + 1,
            language=match["language"].strip(),
            text=match["text"],
            is_excused=bool(NOT_RUN.match(match["excuse"] or "")),
        )
        for match in BLOCK.finditer(page)
    ]


def commands(console: str) -> Iterator[Command]:
    """Yield the commands of a console block, each with the lines that follow it."""
    for part in re.split(r"^\$ ", console, flags=re.MULTILINE)[1:]:
        line, _, prints = part.replace("\\\n", " ").partition("\n")
        yield Command(line, prints)


def is_as_said(printed: str, said: str) -> bool:
    """Tell whether an output is the one that a page shows, ``...`` standing for anything."""
    pattern = r".*?".join(re.escape(piece.strip()) for piece in re.split(r"\.\.\.|…", said.strip()))
    lines = "\n".join(line.rstrip() for line in printed.strip().splitlines())
    return re.fullmatch(re.sub(r"(?:\\\s|\s)+", r"\\s+", pattern), lines, re.DOTALL) is not None


def _run(arguments: list[str], folder: Path) -> tuple[int, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    path = os.pathsep.join([str(Path(sys.executable).parent), clean.get("PATH", os.defpath)])
    done = subprocess.run(
        arguments,
        cwd=folder,
        env=clean | {"HOME": str(folder), "PATH": path},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=TIMEOUT_S,
    )
    return done.returncode, done.stdout


def _complaint(block: Block, folder: Path) -> str | None:
    """Run one block; say what went wrong."""
    if block.language == "console":
        for command in commands(block.text):
            # Set-up would start these tests anew, in another folder: it is only tried.
            line = re.sub(r"^make\b", f"make --dry-run --directory '{ROOT}'", command.line)
            code, printed = _run(["sh", "-u", "-c", line], folder)
            if code:
                return f"{command.line!r} ends with {code}: {printed}"
            if command.prints.strip() and not is_as_said(printed, command.prints):
                return f"{command.line!r} prints: {printed}"
        return None if block.text.startswith("$ ") else "a console block starts with '$ '"
    if block.language == "sh":
        code, printed = _run(["sh", "-eu", "-c", block.text], folder)
    elif block.text.startswith(">>>"):
        (folder / "block.txt").write_text(block.text, encoding="utf-8")
        code, printed = _run(
            [sys.executable, "-m", "doctest", "-o", "ELLIPSIS", "block.txt"], folder
        )
    else:
        (folder / "block.py").write_text(block.text, encoding="utf-8")
        code, printed = _run([sys.executable, "block.py"], folder)
    return f"ends with {code}: {printed}" if code else None


def complaints(page: str, folder: Path) -> Iterator[str]:
    """Run a page; yield what went wrong, with the line of the block."""
    for block in blocks(page):
        if block.language not in RUN | SHOWN:
            yield f"line {block.line}: a block marked {block.language!r} is neither run nor shown"
        elif block.language in RUN and not block.is_excused:
            complaint = _complaint(block, folder)
            if complaint:
                yield f"line {block.line}: {complaint}"


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A folder in which commands find what they would find in a clone that is set up."""
    (tmp_path / "data").symlink_to(ROOT / "data")
    (tmp_path / ".venv").symlink_to(sys.prefix)
    return tmp_path


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_what_a_page_shows_can_be_done(path: Path, clone: Path) -> None:
    assert list(complaints(path.read_text(encoding="utf-8"), clone)) == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_to_files_lead_somewhere(path: Path) -> None:
    prose = CODE.sub("", path.read_text(encoding="utf-8"))
    targets = re.findall(r"\]\((?!\w+:|#)([^)#\s]+)", prose)
    assert [target for target in targets if not (path.parent / target).exists()] == []


@pytest.mark.parametrize(
    "text",
    [
        "```console\n$ false\n```\n",
        "```console\n$ echo one \\\n    two\none three\n```\n",
        "```console\n$ make no-such-target\n```\n",
        "```console\necho forgets the prompt\n```\n",
        "```sh\nfalse\ntrue\n```\n",
        "```python\nassert False\n```\n",
        "```python\n>>> 1 + 1\n3\n```\n",
        "```bash\ntrue\n```\n",
        "<!-- not run: -->\n```console\n$ false\n```\n",
        "<!-- a remark -->\n```console\n$ false\n```\n",
        "```text\nshown\n```\n\n```console\n$ false\n```\n",
    ],
)
def test_what_cannot_be_done_is_found(text: str, tmp_path: Path) -> None:
    assert len(list(complaints(text, tmp_path))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "```console\n$ echo 1 > a; cat a\n1\n$ cat a\n```\n\n```python\nopen('a').close()\n```\n",
        "```console\n$ echo took 0.12 s for 7 stops\ntook ... s for 7 stops\n```\n",
        "```console\n$ seq 9\n1\n2\n...\n9\n```\n",
        "```console\n$ echo one \\\n    two\none two\n```\n",
        "```python\n>>> 1 + 1\n2\n```\n",
        "```console\n$ make help\n$ make demo SERVE=0\n```\n",
        "<!-- not run: needs your own files -->\n```console\n$ false\n```\n",
        "<!-- not run: needs your own files -->\n\n```python\nassert False\n```\n",
        "```text\n$ false\n```\n",
    ],
)
def test_what_can_be_done_passes(text: str, tmp_path: Path) -> None:
    assert list(complaints(text, tmp_path)) == []
