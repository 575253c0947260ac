"""Numbers far beyond float64 in the symbolic route take no longer, keep their digits, and say where none do."""

import math

import mpmath
import msgspec
import pytest
import sympy as sp

from vgdesk.present.check import check_cells
from vgdesk.spec.library import example
from vgdesk.study.verify import verify
from vgdesk.symbolic.activations import ACTIVATION, apply
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


def test_where_no_digits_hold_the_loss_nothing_is_compared_and_no_error_is_told():
    found = verify(steep("1e200"))
    assert found.passed
    assert found.sentence == (
        "Only back-propagation has numbers for all 9 gradients: a unit is so near its limit that the loss has no "
        "digits for a symbolic gradient or a central difference. There is nothing to compare."
    )
    assert all(math.isnan(row.relative_error_backpropagated) for row in found.rows)
    assert math.isnan(found.largest_error_central)
    assert check_cells(found.rows[0])[4:] == ("nothing to compare", "nothing to compare")


@pytest.mark.parametrize("seed", [0, 3])
@pytest.mark.parametrize("factor", ["80", "600", "1500", "20000", "36000"])
def test_the_three_ways_agree_where_the_output_is_nearer_to_1_than_any_digits_tell(factor, seed):
    found = verify(msgspec.structs.replace(steep(factor), seed=seed))
    assert found.passed, found.sentence
    assert found.largest_error_central < 1e-10


@pytest.mark.parametrize("z", ["1e-30", "0.9", "-0.9", "1.1", "-1.1", "60", "-60", "200", "-200", "30000", "-30000"])
@pytest.mark.parametrize(("function", "limits"), [("sigmoid", (0, 1)), ("tanh", (-1, 1))])
def test_what_is_missing_at_a_limit_has_all_its_digits(function, limits, z):
    y, argument, t = (sp.Symbol(name, real=True) for name in "yzt")
    lines = [(y, apply(ACTIVATION[function], argument))]
    for target in limits:
        given = {"z": mpmath.mpf(z), "t": mpmath.mpf(target)}
        found = evaluate_lines([*lines, (sp.Symbol("d"), sp.diff((y - t) ** 2 / 2, y))], given)["d"]
        assert_same(found, missing(function, given["z"], target))


@pytest.mark.parametrize("z", ["-1", "0", "0.9", "1.1", "60", "200", "60000"])
def test_the_logarithms_of_a_sigmoid_and_of_what_it_lacks_have_all_their_digits(z):
    y, argument = sp.Symbol("y", real=True), sp.Symbol("z", real=True)
    logarithms = [(sp.Symbol("a"), sp.log(y)), (sp.Symbol("b"), sp.log(1 - y))]
    found = evaluate_lines([(y, apply(ACTIVATION["sigmoid"], argument)), *logarithms], {"z": mpmath.mpf(z)})
    with mpmath.workdps(60):
        logarithm = {side: -max(side, 0) - mpmath.log1p(mpmath.exp(-abs(side))) for side in (found["z"], -found["z"])}
    assert_same(found["a"], logarithm[-found["z"]])
    assert_same(found["b"], logarithm[found["z"]])


def missing(function, z, limit):
    """Returns sigmoid(z) - limit or tanh(z) - limit, as a single fraction that subtracts nothing from nearly itself."""
    with mpmath.workdps(60):
        e = mpmath.exp(z if function == "sigmoid" else 2 * z)
        if function == "tanh":
            return -2 / (1 + e) if limit == 1 else 2 * e / (1 + e)
        return -1 / (1 + e) if limit == 1 else e / (1 + e)


def assert_same(found, wanted):
    """57 of 60 digits: the two ways to a number round a few times."""
    with mpmath.workdps(60):
        assert abs(found - wanted) <= mpmath.mpf(10) ** -57 * abs(wanted)
