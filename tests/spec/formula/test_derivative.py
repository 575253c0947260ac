"""The derivative of a formula as it is written: whole numbers are counted together, everything else stays."""

import pytest

from vgdesk.spec.formula.derivative import derivative
from vgdesk.spec.formula.reading import read_formula
from vgdesk.spec.formula.writing import write


@pytest.mark.parametrize(
    ("formula", "slope"),
    [
        ("z+++++z", "2"),
        ("z + z + z", "3"),
        ("0.1*z + 0.2*z", "0.1 + 0.2"),
        ("a*z + z; a = 1", "a + 1"),
    ],
)
def test_slopes_that_are_whole_numbers_are_added(formula: str, slope: str):
    assert write(derivative(read_formula(formula).tree)) == slope
