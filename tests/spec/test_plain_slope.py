"""The derivative of one's own formula is written in the words of the formula."""

import pytest

from vgdesk.spec.formula.examining import own_activation
from vgdesk.spec.formula.plain import plain_slope
from vgdesk.spec.formula.values import values
from vgdesk.spec.formula.writing import write


def test_who_typed_the_logarithm_reads_it_in_the_derivative_too():
    slope = write(plain_slope(own_activation("z*tanh(log(1+exp(z)))")))
    assert "softplus" not in slope
    assert slope.startswith("tanh(log(1 + exp(z)))")


def test_who_typed_softplus_reads_softplus():
    assert write(plain_slope(own_activation("z*tanh(softplus(z))"))).startswith("tanh(softplus(z))")


@pytest.mark.parametrize("text", ["z*tanh(log(1+exp(2*z)))", "log(1+exp(z))**2", "where(z > 0, log(1+exp(z)), 0)"])
def test_both_spellings_have_the_same_values(text):
    own, z = own_activation(text), [-3.0, -0.4, 0.7, 2.5]
    assert values(plain_slope(own), z) == pytest.approx(values(own.slope, z), rel=1e-12)
