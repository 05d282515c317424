"""What is wrong is told, and who ends a search keeps the best that was found."""

from __future__ import annotations

from pathlib import Path

import pytest
from person import Person
from playwright.sync_api import expect
from scenarios import BROKEN, village

PLAN = Path(__file__).resolve().parents[1] / "plans" / "pass-matrices.json"


def test_each_fault_of_a_broken_file_has_its_line_and_its_remedy(
    person: Person, tmp_path: Path
) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text(BROKEN, encoding="utf-8")
    person.choose_file(path)
    alert = person.page.get_by_role("alert").filter(has_text="broken.yaml cannot be opened")
    faults = alert.get_by_role("listitem")
    expect(faults).to_have_count(3)
    for fault, (line, place, remedy) in zip(
        faults.all(),
        (
            ("line 9", "/sites/1/colour", "nearest known: position, note, label"),
            ("line 14", "/demands/1/quantity", "wanted is more than 0"),
            ("line 16", "/vehicle_types/0", "the key compartments is missing"),
        ),
        strict=True,
    ):
        expect(fault).to_contain_text(line)
        expect(fault).to_contain_text(place)
        expect(fault).to_contain_text(remedy)
    # The whole list is in sight, and whoever closed it and chooses the file again is told again.
    expect(faults.last).to_be_in_viewport(ratio=0.95)
    person.page.get_by_role("button", name="Close").click()
    expect(faults).to_have_count(0)
    with person.page.expect_file_chooser() as chooser:
        person.page.get_by_role("button", name="Choose a file").click()
    chooser.value.set_files(path)
    expect(faults).to_have_count(3)
    # The mended file opens from where one is.
    person.page.get_by_label("Choose a file").set_input_files(village(tmp_path))
    expect(person.page.get_by_test_id("workbench")).to_be_visible()


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("order.docx", b"PK", "the name of a scenario or plan ends in .yaml, .yml, .json"),
        ("latin.yaml", "id: forêt".encode("latin-1"), "the file is no text in UTF-8"),
    ],
)
def test_a_file_of_another_kind_is_refused_in_words(
    person: Person, tmp_path: Path, name: str, content: bytes, told: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    person.choose_file(path)
    expect(person.page.get_by_role("alert").filter(has_text=told).first).to_be_visible()


def test_an_address_that_leads_nowhere_says_so(person: Person) -> None:
    person.page.goto(f"{person.url}/work/nowhere")
    expect(person.page.get_by_text("No work is called nowhere")).to_be_visible()
    expect(person.page.get_by_test_id("begin-brigade")).to_be_visible()


def test_a_plan_opens_with_its_documents_and_its_verdict(person: Person) -> None:
    person.open(PLAN)
    person.planned()
    # 3,745 of 9,545 kg, see tests/plans/base.py.
    assert person.figure("delivered") == "39.2%"
    expect(person.briefing).to_contain_text("3,745 kg out of 9,545 kg")


def test_stop_keeps_the_best_so_far(person: Person, tmp_path: Path) -> None:
    page = person.page
    person.open(village(tmp_path))
    person.ask(seconds=600)
    expect(page.locator(".solve-best")).to_contain_text("Best so far")
    expect(person.verdict).to_have_text("Best so far")
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_test_id("solve-stopped")).to_contain_text("is kept and shown")
    person.planned()
    # 12,000 of 27,000 kg; of what stays behind, nothing is known but that the time was over.
    assert person.figure("delivered") == "44.4%"
    person.tab("Not delivered")
    expect(page.locator("#shortfall")).to_contain_text("Not served within the time given")
    expect(page.locator("#shortfall")).not_to_contain_text("Proved: no compartment is large enough")


def test_accept_now_gives_a_complete_plan(person: Person, tmp_path: Path) -> None:
    page = person.page
    person.open(village(tmp_path))
    person.ask(seconds=600)
    expect(page.locator(".solve-best")).to_contain_text("Best so far")
    page.get_by_role("button", name="Accept now").click()
    person.planned()
    expect(page.get_by_test_id("solve-stopped")).to_have_count(0)
    # What can be proved is proved, see the scenario.
    assert person.figure("delivered") == "44.4%"
    person.tab("Not delivered")
    expect(page.locator("#shortfall")).to_contain_text("no compartment is large enough")
