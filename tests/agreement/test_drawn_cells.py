"""The theory's drawn cells are the program's cells: with the same numbers they have the kernels' gradient."""

import msgspec
import numpy as np
import pytest

from tests.agreement.test_recurrent_bands import GAUSSIAN, adding
from vgdesk.spec.initialisation import Identity, TorchDefault
from vgdesk.spec.recurrent import Gru, Lstm, VanillaCell
from vgdesk.study.predict import first_examples
from vgdesk.theory.drawn_cells import backwards, forwards
from vgdesk.theory.mixing import Mixing
from vgdesk.training.gradient import gradient
from vgdesk.training.parameters import draw

STEPS, WIDTH = 12, 5
CELLS = {
    "rnn": VanillaCell(),
    "irnn": VanillaCell("relu"),
    "lstm": Lstm(3.0),
    "gru, reset after": Gru("after"),
    "gru, reset before": Gru("before"),
}
# the theory's order of gates is o, i, f, g
ORDERS = {"rnn": [0], "lstm": [3, 0, 1, 2], "gru": [0, 1, 2]}


def small(cell, rule):
    """Returns the adding problem with biases that are not 0."""
    return msgspec.structs.replace(adding(cell, rule, WIDTH, STEPS), initialisation=TorchDefault())


def by_gate(experiment, parameters):
    """Returns W_ih, W_hh and b by gate, those of gates halved, and the halves."""
    network, (W_ih, W_hh, _) = experiment.network, parameters.weights
    order = ORDERS[network.cell_kind]
    halves = np.where(np.arange(len(order)) < len(order) - 1, 0.5, 1.0)[:, None, None]
    split = (each.reshape(len(order), WIDTH, -1)[order] * halves for each in (W_ih, W_hh, parameters.biases[0]))
    return (*split, halves)


def drawn_states(experiment, parameters, is_lone=False):
    """Returns log10 |dL/dh_t| as the theory's cells have it."""
    data = first_examples(experiment)
    W_ih, W_hh, b, halves = by_gate(experiment, parameters)
    given = (np.einsum("gni,sti->tgns", W_ih, data.inputs) + b)[:, None]
    mixing = Mixing(None if is_lone else W_hh[None], halves)
    b_hn = parameters.others["b_hn"][None, :, None] if "b_hn" in parameters.others else None
    passed = forwards(experiment.network.cell, given, mixing, b_hn)
    W_out = parameters.weights[2]
    error = W_out @ passed.state[-1, 0] + parameters.biases[1][:, None] - data.targets[:, 0].T
    G = C = (W_out.T @ (2 * error / len(data.inputs)))[None]
    C, norms = np.zeros_like(C), []
    for place in range(STEPS - 1, -1, -1):
        norms.append(np.log10(np.linalg.norm(G)))
        G, C = backwards(passed, mixing, place, G, C)
    return np.array(norms[::-1])


@pytest.mark.parametrize("name", CELLS)
def test_drawn_cells_have_the_kernels_gradient_at_every_time_step(name):
    experiment = small(CELLS[name], GAUSSIAN)
    parameters, data = draw(experiment), first_examples(experiment)
    measured = gradient(experiment, parameters, data.inputs, data.targets).log10_state_norm
    assert drawn_states(experiment, parameters) == pytest.approx(measured, abs=1e-12)


@pytest.mark.parametrize("name", CELLS)
def test_units_that_do_not_mix_are_those_of_an_identity(name):
    experiment = small(CELLS[name], Identity())
    parameters = draw(experiment)
    assert drawn_states(experiment, parameters, is_lone=True) == pytest.approx(
        drawn_states(experiment, parameters), abs=1e-12
    )
