"""Profiles of roads: near the model, without its noise, and no steeper than roads are built."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from optimizer.terrain.build.profile import Profile, Sampler, smooth_profile


def _straight(
    xs: list[float], sampler: Sampler, *, lifted: tuple[int, ...] = (), limit: float = 0.1
) -> Profile:
    """Smooth one straight road with nodes at the given distances."""
    nodes = np.array([(x, 0.0) for x in xs])
    count = len(xs) - 1
    return smooth_profile(
        nodes,
        np.column_stack((np.arange(count), np.arange(1, count + 1))),
        [nodes[i : i + 2] for i in range(count)],
        lifted=np.isin(np.arange(count), lifted),
        max_grade=np.full(count, limit),
        sampler=sampler,
    )


def _grades(profile: Profile, xs: list[float]) -> NDArray[np.float64]:
    return np.diff(profile.z_m) / np.diff(xs)


def test_an_even_climb_stays_as_it_is() -> None:
    xs = [0.0, 130.0, 400.0, 410.0, 900.0]
    profile = _straight(xs, lambda p: 500 + 0.06 * p[:, 0])
    # A straight line neither bends nor leaves the model: it costs nothing.
    assert profile.z_m == pytest.approx([500 + 0.06 * x for x in xs], abs=1e-6)


def test_noise_of_the_model_is_smoothed_away() -> None:
    # A level road along a slope: the model wavers by 10 m with a wavelength of 150 m.
    xs = [float(x) for x in range(0, 3001, 50)]
    profile = _straight(xs, lambda p: 800 + 10 * np.sin(p[:, 0] * 2 * np.pi / 150), limit=0.5)
    raw = np.diff(profile.raw_z_m) / np.diff(xs)
    assert np.abs(raw).max() > 0.3
    assert np.abs(_grades(profile, xs)).max() < 0.03
    # The two ends are free to lean, as nothing beyond them holds them.
    assert profile.z_m[3:-3] == pytest.approx(np.full(len(xs) - 6, 800.0), abs=1.0)


def test_no_road_is_steeper_than_it_is_built() -> None:
    # The model has a wall of 60 m over 100 m; a road with a limit of 10 % needs 600 m for it.
    xs = [float(x) for x in range(0, 2001, 100)]
    profile = _straight(xs, lambda p: np.clip((p[:, 0] - 950) * 0.6, 0, 60), limit=0.1)
    grades = np.abs(_grades(profile, xs))
    assert grades.max() < 0.105
    # And it still arrives at the top.
    assert profile.z_m[-1] - profile.z_m[0] == pytest.approx(60, abs=6)


def test_a_bridge_runs_straight_over_the_valley() -> None:
    xs = [0.0, 300.0, 600.0, 900.0, 1200.0]

    def valley(p: NDArray[np.float64]) -> NDArray[np.float64]:
        inside = (p[:, 0] > 301) & (p[:, 0] < 899)
        return np.where(inside, 400.0, 500.0)

    # Two edges of bridge with a node in the middle, 100 m above the ground.
    profile = _straight(xs, valley, lifted=(1, 2))
    assert profile.raw_z_m[2] == 400
    assert profile.z_m == pytest.approx(np.full(5, 500.0), abs=0.5)


def test_a_tunnel_ignores_the_mountain_above_it() -> None:
    xs = [0.0, 300.0, 1300.0, 1600.0]

    def mountain(p: NDArray[np.float64]) -> NDArray[np.float64]:
        x: NDArray[np.float64] = p[:, 0]
        above: NDArray[np.float64] = 300 * np.exp(-(((x - 800) / 150) ** 2))
        return 500 + 0.02 * x + above

    profile = _straight(xs, mountain, lifted=(1,))
    assert _grades(profile, xs) == pytest.approx(np.full(3, 0.02), abs=0.01)


def test_nothing_to_smooth() -> None:
    profile = smooth_profile(
        np.zeros((0, 2)),
        np.zeros((0, 2), np.int64),
        [],
        lifted=np.zeros(0, np.bool_),
        max_grade=np.zeros(0),
        sampler=lambda p: p[:, 0],
    )
    assert len(profile.z_m) == 0
