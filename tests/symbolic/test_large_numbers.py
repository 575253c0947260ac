"""Numbers far beyond float64 in the symbolic route: they take no longer than others, and what has none says so."""

import math

import mpmath
import msgspec
import pytest
import sympy as sp

from vgdesk.spec.library import example
from vgdesk.study.verify import verify
from vgdesk.symbolic.evaluate import evaluate_lines


def steep(factor):
    """Returns XOR's network with hidden units factor * z."""
    xor = example("xor")
    first, last = xor.feed_forward.layers
    hidden = msgspec.structs.replace(first, activation=f"formula: {factor}*z")
    return msgspec.structs.replace(xor, network=msgspec.structs.replace(xor.feed_forward, layers=(hidden, last)))


@pytest.mark.parametrize("x", ["1e617", "-1e617", "1e30", "1e20", "3e19", "12.5", "0", "-inf"])
def test_the_exponential_of_a_large_number_has_all_its_digits(x):
    with mpmath.workdps(60):
        given = mpmath.mpf(x)
        found = evaluate_lines([(sp.Symbol("y"), sp.exp(sp.Symbol("x", real=True)))], {"x": given})["y"]
        assert abs(found - mpmath.exp(given)) <= mpmath.mpf(10) ** -58 * found


def test_a_check_of_huge_numbers_does_not_multiply_e_with_itself(monkeypatch):
    def multiply(*_):
        raise AssertionError("e was multiplied with itself, for minutes")

    monkeypatch.setattr(mpmath.libmp.libelefun, "mpf_pow_int", multiply)
    rows = verify(steep("1e308")).rows
    assert all(math.isnan(row.symbolic) and math.isnan(row.central_difference) for row in rows)
