"""What the prediction through time says where it has no numbers, or some that are not to be trusted."""

import math

from vgdesk.spec.experiment import Experiment
from vgdesk.spec.recurrent import Cell, Gru, Recurrent, VanillaCell
from vgdesk.theory.activations import largest_variance, limit_words
from vgdesk.theory.drawn_budget import LONGEST, WIDEST
from vgdesk.theory.drawn_sequences import Law
from vgdesk.theory.rough import is_too_fine

SMALLEST_WEIGHTS = 1e-70
"""Of a smaller sigma_w^2 the numbers, float32 ones, and the squares of four steps' gradient, float64 ones, are 0."""

ALL_ALIKE = (
    "W_ih starts as the identity as W_hh does: nothing is random there, and theory is of random weights; let the "
    "inputs' weights be drawn"
)
_LONE = "W_hh starts as a multiple of the identity, so every unit goes on with its own state, and in "
LONE_BEYOND = f"{_LONE}networks drawn like this the state grows beyond 1e70, whose fourth power is no number"
LONE_SILENT = (
    f"{_LONE}half of the networks drawn like this, or more, all units are shut before the last time step, or all "
    "outputs shut or saturated: the gradient is exactly 0 at the first one"
)
FEEDS_ON_ITSELF = (
    "the direct path and W_hh together make the state grow by itself until it saturates; time steps are then too alike "
    f"for the theory of what is not drawn: cells wider than {WIDEST} units, and sequences longer than {LONGEST} steps "
    "whose loss is read at many of them"
)
SILENT = (
    "in half of the networks drawn like this, or more, every unit, or every output, is shut, or saturated to the last "
    "digit, at some time step, and the gradient before it is 0 in all digits of a number; smaller weights, or more "
    "units, leave one"
)
APART = (
    "networks drawn like this lie hundreds of decades apart at the first time step, and the pace of the steps "
    "that are run, which differs from draw to draw, says too little of all the others"
)
ROUGH = "the scatter over seeds is a rough guess: time steps share their weights"
GROWS = (
    "near the loss line and band may be decades low: they are those of a wide network, while this state grows, in "
    f"every draw at its own rate, and networks of more than {WIDEST} units, long ones or too large states are not drawn"
)


def too_fine(experiment: Experiment, network: Recurrent, law: Law) -> str:
    """Returns which weights are too small to be told from zero; "" if none are: a GRU's z leads the gradient past."""
    rule = experiment.initialisation
    read = [("the output", rule, law.on_output)]
    if isinstance(network.cell, VanillaCell):
        read.append(("W_ih", rule, law.on_inputs))
    if not isinstance(network.cell, Gru):
        read.append(("W_hh", network.recurrent_initialisation or rule, law.on_state))
    for name, drawn, start in read:
        if is_too_fine(drawn, start.weight, SMALLEST_WEIGHTS):
            return (
                f"the weights of {name} are so small that the variance of their sums is below {SMALLEST_WEIGHTS:g}: "
                "theory, which takes squares, cannot tell them from zero"
            )
    return ""


def first_beyond(cell: Cell, step: int, largest: float) -> str:
    """Returns the reason where mean squares end at this time step: no number holds them, or a formula's moments end."""
    if isinstance(cell, VanillaCell):
        known = largest_variance(cell.activation)
        if reason := limit_words(cell.activation):
            return f"the variance of z at time step {step} exceeds {known:.4g}: {reason}"
        largest = min(largest, known)
    return f"the variance of h grows without bound: at time step {step} it exceeds 1e{math.log10(largest):.0f}"


def continued(run: int, steps: int) -> str:
    """Returns the note where so many of the steps were run."""
    first = run // 2 + 1
    return f"time steps {first} to {first + steps - run - 1} are taken to go on like those around them"
