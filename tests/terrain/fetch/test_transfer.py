"""Getting files: what is cut goes on, what is not what it should be is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from optimizer.errors import OutsideError
from optimizer.terrain.fetch.transfer import AbsentError, Web
from tests.terrain.fetch.conftest import PBF, TIFF, Home


def _left(target: Path) -> set[str]:
    return {path.name for path in target.parent.iterdir()}


def test_a_file_comes_whole_and_every_byte_is_told(home: Home, web: Web, target: Path) -> None:
    home.put("a.tif", TIFF)
    told: list[float] = []
    web.file(home.url + "a.tif", target, "elevation", advance=told.append)
    assert target.read_bytes() == TIFF
    assert sum(told) == len(TIFF)
    assert _left(target) == {"file"}


def test_a_cut_transfer_goes_on_where_it_was_cut(
    home: Home, web: Web, target: Path, pauses: list[float]
) -> None:
    home.put("a.tif", TIFF, cuts=[1000, 2000])
    told: list[float] = []
    web.file(home.url + "a.tif", target, "elevation", advance=told.append)
    assert target.read_bytes() == TIFF
    # 1000 bytes, then 2000 more: nothing is sent twice.
    assert home.gets("a.tif") == ["", "bytes=1000-", "bytes=3000-"]
    assert sum(told) == len(TIFF)
    assert len(pauses) == 2


def test_a_transfer_goes_on_in_another_process(home: Home, target: Path) -> None:
    home.put("a.tif", TIFF, cuts=[1000])
    with Web(tries=1, pause=lambda _: None) as first:
        # The first try brought something, the second fails: the part is kept.
        home.contents["a.tif"].after = lambda: home.contents["a.tif"].statuses.append(503)
        with pytest.raises(OutsideError, match="what came is kept, run the command again"):
            first.file(home.url + "a.tif", target, "elevation")
    assert _left(target) == {"file.part", "file.part.json"}
    home.contents["a.tif"].after = lambda: None
    with Web() as second:
        second.file(home.url + "a.tif", target, "elevation")
    assert target.read_bytes() == TIFF
    assert home.gets("a.tif")[-1] == "bytes=1000-"
    assert _left(target) == {"file"}


def test_a_file_that_changed_between_two_parts_is_begun_anew(
    home: Home, web: Web, target: Path
) -> None:
    newer = TIFF[:8] + b"newer" * 900
    content = home.put("a.tif", TIFF, cuts=[1000])

    def change() -> None:
        content.data = newer

    content.after = change
    told: list[float] = []
    web.file(home.url + "a.tif", target, "elevation", advance=told.append)
    # Not the first 1000 bytes of one and the rest of the other.
    assert target.read_bytes() == newer
    assert home.gets("a.tif") == ["", "bytes=1000-"]
    assert sum(told) == len(newer)


@pytest.mark.parametrize("etag", ["", 'W/"weak"'])
def test_without_a_strong_tag_a_cut_file_is_begun_anew(
    home: Home, web: Web, target: Path, etag: str
) -> None:
    # A weak tag does not say that the bytes are the same (RFC 9110, 13.1.5).
    home.put("a.tif", TIFF, cuts=[1000], etag=etag)
    web.file(home.url + "a.tif", target, "elevation")
    assert target.read_bytes() == TIFF
    assert home.gets("a.tif") == ["", ""]


def test_a_part_that_is_longer_than_the_file_is_thrown_away(
    home: Home, web: Web, target: Path
) -> None:
    content = home.put("a.tif", TIFF, etag='"same"')
    target.with_name("file.part").write_bytes(TIFF * 2)
    target.with_name("file.part.json").write_text(
        f'{{"url": "{home.url}a.tif", "etag": "\\"same\\"", "size": null}}'
    )
    web.file(home.url + "a.tif", target, "elevation")
    assert target.read_bytes() == content.data
    assert home.gets("a.tif") == [f"bytes={2 * len(TIFF)}-", ""]


def test_a_part_that_was_whole_is_not_fetched_again(home: Home, web: Web, target: Path) -> None:
    target.with_name("file.part").write_bytes(TIFF)
    target.with_name("file.part.json").write_text(
        f'{{"url": "{home.url}a.tif", "etag": "\\"same\\"", "size": {len(TIFF)}}}'
    )
    web.file(home.url + "a.tif", target, "elevation")
    assert target.read_bytes() == TIFF
    assert home.asked == []


def test_a_busy_home_is_asked_again_after_what_it_wishes(
    home: Home, web: Web, target: Path, pauses: list[float]
) -> None:
    home.put("a.tif", TIFF, statuses=[503, 429])
    web.file(home.url + "a.tif", target, "elevation")
    assert target.read_bytes() == TIFF
    # Retry-After: 7, longer than the 1 and 2 seconds that would be waited else.
    assert pauses == [7.0, 7.0]


def test_tries_are_capped_and_wait_longer_each_time(
    home: Home, web: Web, target: Path, pauses: list[float]
) -> None:
    home.put("a.tif", TIFF, cuts=[0] * 9)
    with pytest.raises(OutsideError, match="could not be had in 5 tries"):
        web.file(home.url + "a.tif", target, "elevation")
    assert pauses == [1.0, 2.0, 4.0, 8.0]
    assert len(home.asked) == 5


def test_a_web_page_that_is_served_as_data_is_refused(home: Home, web: Web, target: Path) -> None:
    home.put("a.tif", b"<!DOCTYPE html><html><body>Sign in to the network</body></html>" * 9)
    with pytest.raises(OutsideError, match=r"a web page instead of a GeoTIFF; nothing of it"):
        web.file(home.url + "a.tif", target, "landcover")
    assert _left(target) == set()
    assert len(home.asked) == 1  # it would be no other the next time


@pytest.mark.parametrize(
    "case",
    [
        ("osm", TIFF, "no OpenStreetMap file"),
        ("osm", b"<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>", "XML instead"),
        ("elevation", PBF, "no GeoTIFF"),
        ("elevation", b"", "nothing instead of a GeoTIFF"),
        ("elevation", b"II", "no GeoTIFF"),
    ],
)
def test_what_is_not_what_it_should_be_is_refused(
    home: Home, web: Web, target: Path, case: tuple[str, bytes, str]
) -> None:
    kind, data, says = case
    home.put("a", data)
    with pytest.raises(OutsideError, match=says):
        web.file(home.url + "a", target, kind)
    assert _left(target) == set()


def test_a_file_shorter_than_announced_is_not_taken(home: Home, web: Web, target: Path) -> None:
    home.put("a.tif", TIFF, announces=len(TIFF) + 10, etag="")
    with pytest.raises(OutsideError, match="could not be had in 5 tries"):
        web.file(home.url + "a.tif", target, "elevation")
    assert not target.exists()


def test_what_is_not_there_is_told_at_once(home: Home, web: Web, target: Path) -> None:
    with pytest.raises(AbsentError, match=r"a\.tif answered 404"):
        web.file(home.url + "a.tif", target, "elevation")
    with pytest.raises(AbsentError):
        web.size(home.url + "a.tif")
    assert len(home.asked) == 2


def test_a_refusal_is_not_repeated(home: Home, web: Web) -> None:
    home.put("a.tif", TIFF, statuses=[403])
    with pytest.raises(OutsideError, match="answered 403 Forbidden"):
        web.text(home.url + "a.tif")
    assert len(home.asked) == 1


def test_redirects_are_followed_but_not_for_ever(home: Home, web: Web, target: Path) -> None:
    home.put("dated.osm.pbf", PBF)
    home.redirects["latest.osm.pbf"] = "/dated.osm.pbf"
    web.file(home.url + "latest.osm.pbf", target, "osm")
    assert target.read_bytes() == PBF
    home.redirects["round"] = "/round"
    with pytest.raises(OutsideError, match="without an end"):
        web.size(home.url + "round")


def test_sizes(home: Home, web: Web) -> None:
    home.put("a.tif", TIFF)
    home.put("b.tif", TIFF, has_head=False)
    assert web.size(home.url + "a.tif") == len(TIFF)
    assert web.size(home.url + "b.tif") is None  # a server that does not know HEAD


def test_nobody_there_is_one_message(web: Web, target: Path) -> None:
    with pytest.raises(OutsideError, match="could not be had in 5 tries"):
        web.file("http://127.0.0.1:9/a.tif", target, "elevation")  # the port "discard"
    with pytest.raises(OutsideError, match="no address that can be asked"):
        web.size("ftp://127.0.0.1/a.tif")


def test_proxies_of_the_environment_are_not_used(
    home: Home, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.put("a.tif", TIFF)
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    with Web(tries=1) as web:
        web.file(home.url + "a.tif", target, "elevation")
    assert target.read_bytes() == TIFF
