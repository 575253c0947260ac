"""Compiled code has the constants of the specification: it holds them itself, and must not drift from it."""

from vgdesk.kernels import layer_statistics, normalisation
from vgdesk.spec.formula.facts import SATURATED
from vgdesk.spec.layer import NORMALISATION_EPSILON


def test_kernels_and_specification_agree_where_a_unit_is_saturated():
    assert layer_statistics.FLAT == SATURATED


def test_kernels_and_specification_agree_on_what_stands_inside_the_root_of_a_normalisation():
    assert normalisation.EPSILON == NORMALISATION_EPSILON
