"""The loops over time, forward of all cells and back of the gated ones; what a cell does in one step they are given."""

from vgdesk.kernels._jit import inlined_kernel
from vgdesk.kernels.interrupted import interrupted
from vgdesk.kernels.recurrent.signals import arrive


@inlined_kernel
def run_forward(net, room, trained, step):
    """Runs a cell through time; returns whether every product was finite.

    `step(net, room, trained, t)` does one time step and returns whether its products are finite.
    """
    finite = True
    for t in range(net.steps):
        if interrupted():
            break
        finite &= step(net, room, trained, t)
    return finite


@inlined_kernel
def run_back(net, room, trained, output_exponent, step):
    """Goes back through the time of a gated cell; leaves all signals, each time step with its exponent.

    `step(net, room, trained, t, exponent)` goes back one time step, from dL/dh_t of that exponent, and returns the sum
    of squares of dL/dh_{t-1}, of the same exponent.
    """
    square, exponent = 0.0, output_exponent
    for t in range(net.steps - 1, -1, -1):
        if interrupted():
            break
        exponent = arrive(net, room, t, square, exponent, output_exponent)
        square = step(net, room, trained, t, exponent)
        room.exponent[t] = exponent
