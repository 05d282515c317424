"""Loads as integers."""

from __future__ import annotations

from fractions import Fraction

from optimizer.routing.model.scale import UNLIMITED, Scale


def test_a_scale_never_comes_to_more_steps_than_unlimited() -> None:
    fine = [Fraction("0.123457")]
    assert Scale.of(fine).steps == 10**6
    scale = Scale.of(fine, Fraction(10**9))
    assert scale.capacity(Fraction(10**9)) <= UNLIMITED
    # What just fits still does: load up, capacity down, of the same whole figure.
    assert scale.load(Fraction(10**9)) == scale.capacity(Fraction(10**9))
