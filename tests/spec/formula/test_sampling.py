"""Signs and dips on the grid: found where they are, and with few walks over the formula however many there are."""

import math

import pytest

from vgdesk.spec.formula.sampling import GRID, lowest, sign_changes
from vgdesk.study.own_activation import examine


class Counted:
    """Samples a function and counts how often it is asked."""

    def __init__(self, function):
        self.function = function
        self.calls = 0

    def __call__(self, points):
        self.calls += 1
        return [self.function(z) for z in points]


def test_every_zero_of_a_sine_is_narrowed_to_neighbouring_numbers_by_a_few_walks():
    near = [z for z in GRID if 0 < abs(z) <= 50]
    sine = Counted(math.sin)
    found = sign_changes(sine, near, sine(near))
    assert sine.calls <= 25
    assert [a for a, _ in found] == pytest.approx([n * math.pi for n in range(-15, 16)], abs=1e-14)
    assert all(b <= math.nextafter(math.nextafter(a, math.inf), math.inf) for a, b in found if b > 0)


def test_every_dip_is_followed_to_its_bottom_by_a_few_walks():
    wave = Counted(lambda z: math.sin(z) + 1e-3 * abs(z - 4.7))
    z, least = lowest(wave, GRID, wave(GRID))
    assert wave.calls <= 13
    assert z == pytest.approx(1.5 * math.pi, abs=2e-2)
    assert least <= min(wave(GRID))


def test_no_change_of_sign_asks_for_no_values():
    constant = Counted(lambda _: 1.0)
    assert sign_changes(constant, GRID, [1.0] * len(GRID)) == []
    assert constant.calls == 0


def test_a_sum_of_eighty_sines_is_examined():
    found = examine("+".join(f"sin({k}*z)" for k in range(1, 81)))
    assert found.behaviour.steepest.value == pytest.approx(80 * 81 / 2)
    assert found.behaviour.steepest.at == 0
