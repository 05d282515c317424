"""The one door for command, interface and dashboard."""

from __future__ import annotations

import pytest

from briefing import cli
from briefing.documents import DOCUMENTS
from briefing.write import FORMATS, write
from optimizer.errors import UsageError
from optimizer.plan.model import Plan


@pytest.mark.parametrize(
    ("form", "media_type", "begins"),
    [
        ("md", "text/markdown; charset=utf-8", b"**EXERCISE - RESTRICTED**"),
        ("html", "text/html; charset=utf-8", b"<!DOCTYPE html>"),
        ("pdf", "application/pdf", b"%PDF-1.7"),
    ],
)
def test_each_format_is_what_it_says(
    everything: Plan, form: str, media_type: str, begins: bytes
) -> None:
    written = write(everything, document="movement-order", language="fr", form=form)
    assert written.media_type == media_type
    assert written.content.startswith(begins)
    assert written.file_name == f"movement-order-{everything.id}.fr.{form}"


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("kind", DOCUMENTS)
def test_the_same_plan_gives_the_same_bytes(shortfall: Plan, kind: str, form: str) -> None:
    first = write(shortfall, document=kind, language="en", form=form)
    assert write(shortfall, document=kind, language="en", form=form) == first


@pytest.mark.parametrize(
    ("asked", "there"),
    [
        ({"document": "../../etc/passwd"}, "movement-order"),
        ({"language": "de"}, "en, fr"),
        ({"form": "docx"}, "md, html, pdf"),
    ],
)
def test_what_there_is_not_is_refused_with_what_there_is(
    everything: Plan, asked: dict[str, str], there: str
) -> None:
    wanted = {"document": "movement-order", "language": "en", "form": "md"} | asked
    with pytest.raises(UsageError, match=there):
        write(everything, **wanted)  # type: ignore[arg-type] # what is refused has the wrong type


def test_the_command_offers_what_can_be_written() -> None:
    assert set(cli.DOCUMENTS) == set(DOCUMENTS)
    assert cli.BRIEF_FORMATS == FORMATS
