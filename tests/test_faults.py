"""A fault's sentence: its figures are written as people of the language write them."""

from __future__ import annotations

from optimizer.faults import Fault


def test_figures_are_written_as_people_do() -> None:
    fault = Fault("scenario.too_large", "/lat", {"found": "91", "limit": 90.0})
    assert fault.text("en") == "91 is too large; the most is 90"
    half = Fault("scenario.too_large", "/contingency", {"found": "4", "limit": 3.5})
    assert half.text("en").endswith("3.5")
    assert half.text("fr").endswith("3,5")


def test_a_fault_says_where_it_is() -> None:
    fault = Fault("scenario.missing_key", "/demands/0", {"key": "site"}, line=12)
    assert str(fault) == "error: /demands/0 (line 12): the key site is missing"
    assert str(Fault("scenario.missing_key", params={"key": "id"})).startswith("error: /: ")
