"""Two products of one sum against NumPy in float64: every size, every edge, between fences."""

import sys

import numba
import numpy as np
import pytest

from tests.kernels.test_products import PRECISIONS, WAYS, Operands, assert_product, double, shapes
from vgdesk.kernels.cell_products import joint_backward_product, joint_forward_product, pack_weights

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="fences are made with mprotect")


@numba.njit
def run_forward(h, W, packed, x, V, more_packed, b, z):
    """Calls the kernel from Python, with both matrices to be packed."""
    pack_weights(W, packed)
    pack_weights(V, more_packed)
    return joint_forward_product(h, packed, x, more_packed, b, z)


@numba.njit
def run_backward(delta, W, more, V, dh, strip, room):
    """Calls the kernel from Python."""
    return joint_backward_product(delta, W, more, V, dh, strip, room)


def numbers_of_inputs():
    """Yields how many inputs the second product has beside each of the shapes."""
    generator = np.random.default_rng(9)
    while True:
        yield int(generator.integers(1, 40))


@pytest.mark.parametrize("dtype", PRECISIONS)
def test_the_parts_of_two_inputs_meet_in_one_sum_of_every_size(dtype):
    for (batch, below, above), inputs in zip(shapes(), numbers_of_inputs(), strict=False):
        o, more = Operands("explicit", dtype, batch, below, above), Operands("explicit", dtype, batch, inputs, above)
        assert run_forward(o.h, o.W, o.packed, more.h, more.W, more.packed, o.b, o.z)
        h, W, x, V, b = double(o.h, o.W, more.h, more.W, o.b)
        assert_product(o.z, b + h @ W.T + x @ V.T, abs(b) + abs(h) @ abs(W).T + abs(x) @ abs(V).T, dtype)
        assert o.intact()
        assert more.intact()


def test_a_second_product_that_overflows_is_told():
    o, more = Operands("explicit", np.float32, 9, 5, 7), Operands("explicit", np.float32, 9, 3, 7)
    more.h[:], more.W[:] = 1e30, 1e30
    assert not run_forward(o.h, o.W, o.packed, more.h, more.W, more.packed, o.b, o.z)


@pytest.mark.parametrize("dtype", PRECISIONS)
@pytest.mark.parametrize("way", WAYS)
def test_what_two_matrices_carry_back_is_added_to_what_stands_there(way, dtype):
    for (batch, below, above), others in zip(shapes(), numbers_of_inputs(), strict=False):
        o, more = Operands(way, dtype, batch, below, above), Operands(way, dtype, batch, below, others)
        o.dh[:] = o.h[::-1]
        delta, W, other, V, before = double(o.delta, o.W, more.delta, more.W, o.dh.copy())
        square = run_backward(o.delta, o.W, more.delta, more.W, o.dh, o.strip, np.empty_like(o.dh))
        size = abs(before) + abs(delta) @ abs(W) + abs(other) @ abs(V)
        assert_product(o.dh, before + delta @ W + other @ V, size, dtype)
        assert square == pytest.approx(np.sum(o.dh.astype(np.float64) ** 2), rel=1e3 * float(np.finfo(dtype).eps))
        assert o.intact()
        assert more.intact()
