"""From a box to a folder, from the folder to a theatre."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import rasterio
from click.testing import CliRunner, Result
from rasterio.transform import from_origin

import convoi
from convoi import terrain
from optimizer.errors import FileError, OutsideError, UsageError
from optimizer.terrain.fetch.homes import read_homes
from optimizer.terrain.fetch.run import Request, fetch
from optimizer.terrain.fetch.transfer import Web
from optimizer.terrain.theatre import Theatre
from tests.terrain.fetch.conftest import PBF, TIFF, Home, md5
from tests.terrain.fetch.test_extracts import index

#: Two elevation tiles side by side, in one tile of land cover.
BOX = (1.95, 42.45, 2.05, 42.55)
DEM = {
    east: f"dem/Copernicus_DSM_COG_10_N42_00_E00{east}_00_DEM/"
    f"Copernicus_DSM_COG_10_N42_00_E00{east}_00_DEM.tif"
    for east in (1, 2)
}
COVER = "cover/v200/2021/map/ESA_WorldCover_10m_2021_v200_N42E000_Map.tif"
EXTRACT = "osm/x/valley-latest.osm.pbf"


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _raster(cells: np.ndarray, west: float, north: float, side: float, path: Path) -> bytes:
    with rasterio.open(
        path, "w", driver="GTiff", count=1, dtype=cells.dtype, crs="EPSG:4326",
        height=cells.shape[0], width=cells.shape[1], tiled=True, blockxsize=64, blockysize=64,
        transform=from_origin(west, north, side / cells.shape[1], side / cells.shape[0]),
    ) as target:  # fmt: skip
        target.write(cells, 1)
    return path.read_bytes()


def _extract(path: Path) -> bytes:
    """Write a road from west to east through the box, and one far away, as PBF."""
    import osmium  # noqa: PLC0415 - only here

    places = {1: (1.96, 42.5), 2: (2.0, 42.5), 3: (2.04, 42.5), 4: (2.6, 42.8), 5: (2.7, 42.8)}
    with osmium.SimpleWriter(str(path)) as writer:
        for number, place in places.items():
            writer.add_node(osmium.osm.mutable.Node(id=number, location=place, version=1))
        for number, nodes in ((1, [1, 2, 3]), (2, [4, 5])):
            writer.add_way(
                osmium.osm.mutable.Way(
                    id=number, nodes=nodes, version=1, tags={"highway": "secondary"}
                )
            )
        writer.add_relation(
            osmium.osm.mutable.Relation(id=1, members=[("w", 1, "")], tags={"type": "route"})
        )
    return path.read_bytes()


@pytest.fixture
def sources(home: Home, tmp_path: Path) -> Path:
    """A home of everything, and the file that leads there."""
    slope = np.tile(np.linspace(900, 1000, 360, dtype=np.float32), (360, 1))
    home.put(DEM[1], _raster(slope, 1, 43, 1, tmp_path / "a.tif"))
    home.put(DEM[2], _raster(slope + 100, 2, 43, 1, tmp_path / "b.tif"))
    cover = np.full((600, 600), 10, np.uint8)  # WorldCover: tree cover
    cover[:, 400:] = 40  # east of 2 degrees: cropland
    home.put(COVER, _raster(cover, 0, 45, 3, tmp_path / "c.tif"))
    home.put("dem/tileList.txt", "".join(f"{_name(path)[:-4]}\r\n" for path in DEM.values()))
    extract = _extract(tmp_path / "valley.osm.pbf")
    home.put(EXTRACT, extract)
    home.put(EXTRACT + ".md5", f"{md5(extract)}  {_name(EXTRACT)}\n")
    home.put(
        "osm/index-v1.json",
        index(("valley", "land", (1.5, 42, 2.8, 43)), ("land", None, (-5, 40, 5, 50))),
    )
    path = tmp_path / "homes.toml"
    path.write_text(
        f'[elevation]\nbase = "{home.url}dem"\n[landcover]\nbase = "{home.url}cover/"\n'
        f'[osm]\nbase = "{home.url}osm/"\n'
    )
    return path


Call = Callable[..., Result]


@pytest.fixture
def call(sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Call:
    """Call the command on the local home, without waiting between tries."""
    monkeypatch.setattr("optimizer.terrain.fetch.transfer._FIRST_PAUSE_S", 0.0)

    def run(*more: str, bbox: str = ",".join(map(str, BOX)), ok: bool = True) -> Result:
        words = ["fetch", "--bbox", bbox, "--sources", str(sources), *more]
        result = CliRunner().invoke(terrain, [*words, "-o", str(tmp_path / "valley")])
        assert (result.exit_code == 0) == ok, result.output + repr(result.exception)
        return result

    return run


def _next_command(result: Result) -> list[str]:
    _, _, command = result.stdout.partition("next:\n")
    return shlex.split(command.replace("\\\n", " "))  # as a shell joins lines


def test_what_is_fetched_is_built_by_the_command_that_is_told(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = _next_command(call())
    assert words[:3] == ["convoi", "terrain", "build"]
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(convoi.convoi, words[1:], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    theatre = Theatre.open(tmp_path / "theatres" / "valley")
    # 0.1 degrees are 8.2 x 11.1 km here; the road far away in the same extract is left out.
    assert theatre.grid.width * 30 == pytest.approx(8200, rel=0.05)
    assert theatre.grid.height * 30 == pytest.approx(11100, rel=0.05)
    roads = theatre.frame("roads")
    assert roads["length_m"].sum() == pytest.approx(6580, rel=0.01)  # 0.08 degrees at 42.5 north
    assert set(roads["way"]) == {"w1"}
    # The western tile rises to 1000 m at 2 degrees east, where the eastern begins at 1000 m.
    row = theatre.raster("elevation")[theatre.grid.height // 2]
    assert row[3] == pytest.approx(995, abs=1)
    assert row[-4] == pytest.approx(1005, abs=1)
    cover = theatre.raster("landcover")
    assert set(np.unique(cover[:, 5:50])) == {10}
    assert set(np.unique(cover[:, -50:-5])) == {40}
    # What must be said of the files goes into the manifest, though the files do not say it.
    told = {source.what: source for source in theatre.manifest.sources}
    assert told["elevation"].attribution.startswith("produced using Copernicus WorldDEM-30 © DLR")
    assert told["land cover"].licence == "CC BY 4.0"
    assert told["roads, water, places"].licence == "ODbL 1.0"


def test_a_second_call_asks_for_nothing(call: Call, home: Home, tmp_path: Path) -> None:
    first = call()
    assert "4 files" in first.output
    assert "4 fetched, 0 were there" in first.output
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "valley").glob("*.tif")}
    home.asked.clear()
    second = call()
    assert home.asked == []
    assert "0 fetched, 4 were there" in second.output
    assert _next_command(second) == _next_command(first)
    assert {path: path.stat().st_mtime_ns for path in before} == before


def test_a_file_that_was_damaged_since_is_fetched_again(
    call: Call, home: Home, tmp_path: Path
) -> None:
    call()
    path = tmp_path / "valley" / _name(COVER)
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + b"?")
    home.asked.clear()
    assert "1 fetched, 3 were there" in call().output
    assert path.read_bytes() == whole
    assert {at for _, at, _ in home.asked} == {COVER}


def test_the_folder_holds_what_was_fetched_and_on_what_terms(
    call: Call, home: Home, tmp_path: Path
) -> None:
    outside = {path for path in tmp_path.rglob("*") if path.is_file()}
    call()
    folder = tmp_path / "valley"
    assert {path.name for path in folder.iterdir()} == {
        *map(_name, (*DEM.values(), COVER, EXTRACT)),
        *("elevation-tileList.txt", "osm-index-v1.json", "fetched.json", "SOURCES.md"),
    }
    assert {p for p in tmp_path.rglob("*") if p.is_file() and folder not in p.parents} == outside
    record = json.loads((folder / "fetched.json").read_text())
    (extract,) = [file for file in record["files"] if file["kind"] == "osm"]
    assert extract["url"] == home.url + EXTRACT
    assert extract["bytes"] == len(home.contents[EXTRACT].data)
    assert extract["checked"] == f"md5 {md5(home.contents[EXTRACT].data)}"
    assert datetime.fromisoformat(extract["fetched"]).tzinfo == UTC
    page = (folder / "SOURCES.md").read_text()
    for said in ("© OpenStreetMap contributors", "ODbL 1.0", "CC BY 4.0", "© DLR e.V.", "ESA Wor"):
        assert said in page


def test_a_dry_run_lists_and_writes_nothing(call: Call, home: Home, tmp_path: Path) -> None:
    lines = call("--dry-run").stdout.splitlines()
    addresses = [line.split()[0] for line in lines[:-1]]
    assert addresses == [home.url + at for at in (DEM[1], DEM[2], COVER, EXTRACT)]
    assert all("MB" in line for line in lines)
    assert lines[-1].startswith("4 files would be fetched")
    assert not (tmp_path / "valley").exists()
    # Of data only the sizes were asked.
    assert {at for how, at, _ in home.asked if how == "GET"} == {
        *("dem/tileList.txt", "osm/index-v1.json")
    }


def test_a_dry_run_without_a_network_still_lists_addresses(call: Call, sources: Path) -> None:
    nobody = "http://127.0.0.1:9/"  # the port "discard"
    sources.write_text(f'[elevation]\nbase = "{nobody}"\n[landcover]\nbase = "{nobody}"\n')
    result = call("--dry-run", "--without", "osm", bbox="1.2,42.2,1.3,42.3")
    assert f"http://127.0.0.1:9/{DEM[1].removeprefix('dem/')}  size unknown" in result.stdout
    assert "2 files would be fetched, 0.0 MB and 2 of unknown size" in result.stdout
    assert "not everything could be asked" in result.stderr


def test_tiles_over_the_sea_are_told_and_left_out(call: Call, home: Home) -> None:
    home.put("dem/tileList.txt", _name(DEM[1])[:-4] + "\n")
    del home.contents[DEM[2]]
    result = call()
    assert f"no tile {_name(DEM[2])}: sea, or not released" in result.stderr
    assert _next_command(result).count("--dem") == 1


def test_land_cover_is_missed_on_land_and_not_at_sea(call: Call, home: Home) -> None:
    del home.contents[COVER]
    failed = call(ok=False)
    assert isinstance(failed.exception, OutsideError)
    assert "ESA_WorldCover" in str(failed.exception)
    assert "it should be there" in str(failed.exception)
    # West of the Greenwich meridian begins a tile of land cover over sea alone.
    result = call("--without", "osm", bbox="-0.1,42.1,0.1,42.2", ok=False)
    assert "all sea" in str(result.exception)


def test_a_land_cover_tile_over_sea_alone(call: Call, home: Home) -> None:
    home.put("dem/tileList.txt", "Copernicus_DSM_COG_10_N42_00_E000_00_DEM")
    home.put(DEM[1].replace("E001", "E000"), TIFF)
    result = call("--without", "osm", bbox="-0.1,42.1,0.1,42.2")
    assert "ESA_WorldCover_10m_2021_v200_N42W003_Map.tif: sea" in result.stderr
    home.asked.clear()
    again = call("--without", "osm", bbox="-0.1,42.1,0.1,42.2")
    assert home.asked == []  # nor is the sea asked for twice
    assert "N42W003_Map.tif: sea" in again.stderr


def test_a_tile_that_its_own_list_names_must_be_there(call: Call, home: Home) -> None:
    del home.contents[DEM[2]]
    failed = call(ok=False)
    assert f"{_name(DEM[2])} answered 404" in str(failed.exception)
    assert "it should be there" in str(failed.exception)


def test_what_was_had_before_a_fault_is_not_fetched_again(
    call: Call, home: Home, tmp_path: Path
) -> None:
    whole = home.contents[EXTRACT].data
    home.contents[EXTRACT].cuts = [100] + [0] * 9
    failed = call(ok=False)
    assert "run the command again to go on" in str(failed.exception)
    home.contents[EXTRACT].cuts = []
    home.asked.clear()
    assert "1 fetched, 3 were there" in call().output
    assert home.gets(EXTRACT) == ["bytes=100-"]
    assert (tmp_path / "valley" / _name(EXTRACT)).read_bytes() == whole


def test_an_extract_unlike_its_checksum_is_not_kept(call: Call, home: Home, tmp_path: Path) -> None:
    home.put(EXTRACT + ".md5", f"{'0' * 32}  {_name(EXTRACT)}\n")
    failed = call(ok=False)
    assert "a file with the MD5" in str(failed.exception)
    assert not list((tmp_path / "valley").glob("valley*"))
    del home.contents[EXTRACT + ".md5"]
    assert "compared with no checksum" in call().stderr


def test_a_catalogue_that_is_a_web_page_is_not_kept(call: Call, home: Home) -> None:
    good = home.contents["dem/tileList.txt"].data
    home.put("dem/tileList.txt", "<html>Sign in</html>")
    assert "is no list of tiles" in str(call(ok=False).exception)
    home.put("dem/tileList.txt", good)
    call()


def test_a_large_box_must_be_meant(sources: Path, home: Home, tmp_path: Path, web: Web) -> None:
    homes = read_homes(sources)
    box = (0.1, 42.1, 4.9, 46.9)  # 5 x 5 tiles of elevation, 2 x 2 of land cover
    with pytest.raises(UsageError, match=r"29 tiles, about 1\.2 GB.*pass --yes"):
        fetch(Request(box), homes, web, tmp_path / "f")
    assert home.asked == []
    home.put(EXTRACT, PBF, announces=4_000_000_000)
    with pytest.raises(UsageError, match=r"4 files of 4\.0 GB would be fetched.*pass --yes"):
        fetch(Request(BOX), homes, web, tmp_path / "f")
    home.contents[EXTRACT].announces = 10**18
    with pytest.raises(OutsideError, match="has room for"):
        fetch(Request(BOX, is_sure=True), homes, web, tmp_path / "f")
    assert not any("GET" in how and at == EXTRACT for how, at, _ in home.asked)


def test_calls_that_make_no_sense(call: Call) -> None:
    for more, says in [
        (["--without", "elevation", "--without", "landcover", "--without", "osm"], "nothing to"),
        (["--without", "osm", "--extract", "valley"], "pass one of the two"),
        (["--extract", "vall"], "did you mean valley"),
    ]:
        failed = call(*more, ok=False)
        assert isinstance(failed.exception, UsageError)
        assert says in str(failed.exception)


def test_a_file_instead_of_the_folder(call: Call, tmp_path: Path) -> None:
    (tmp_path / "valley").write_text("")
    assert "is no folder" in str(call(ok=False).exception)


def test_a_damaged_record_is_told(call: Call, tmp_path: Path) -> None:
    call()
    (tmp_path / "valley" / "fetched.json").write_text("{")
    assert "is damaged" in str(call(ok=False).exception)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("elevation = 3", "is no home"),
        ("[roads]\n", "'roads' is no home"),
        ("[elevation]\ncolour = 1", "'colour' that means nothing"),
        ("[elevation]\nside = 0", "side = 0 cannot be"),
        ('[elevation]\nbase = "file:///etc"', "begins with https://"),
        ('[elevation]\npath = "{lat}/x.tif"', r"must end in a name with \{lat\} and \{lon\}"),
        ('[elevation]\npath = "{lat}{lon}/../.."', "must end in a name"),
        ('[osm]\ncatalogue = "x/.."', "must end in the name of a file"),
        ('[osm]\ncatalogue = ""', "lacks catalogue"),
        ("[", "is not TOML"),
    ],
)
def test_a_file_of_homes_that_cannot_be(text: str, says: str, tmp_path: Path) -> None:
    path = tmp_path / "homes.toml"
    path.write_text(text)
    with pytest.raises(FileError, match=says):
        read_homes(path)


def test_every_public_home_states_its_terms_and_is_encrypted() -> None:
    for home in read_homes().values():
        assert home.base.startswith("https://")
        assert all((home.page, home.licence, home.licence_page, home.attribution, home.terms))
