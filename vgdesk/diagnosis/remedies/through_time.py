"""Remedies for recurrent networks: a path through time on which the gradient keeps its size."""

from functools import partial

from vgdesk.diagnosis.remedies.remedy import Remedy, replaced
from vgdesk.errors import SpecError
from vgdesk.records.remedy import Helps
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.initialisation import Identity, Initialisation, Orthogonal
from vgdesk.spec.recurrent import Cell, Gru, Lstm, Recurrent, VanillaCell

FORGET_BIAS = 3.0
"""sigmoid(3) = 0.953 of the cell's gradient passes each step."""


def with_cell(experiment: Experiment, cell: Cell) -> Experiment:
    """Returns the experiment with another cell; what it recorded of the old cell's gates is not asked for any more."""
    network = _recurrent(experiment)
    what = experiment.recording.what
    kept = tuple(name for name in what.quantities if not name.endswith(("-gate", "cell", "cell-path")))
    recording = replaced(experiment.recording, what=replaced(what, quantities=kept))
    return replaced(experiment, network=replaced(network, cell=cell), recording=recording)


def with_recurrent_start(experiment: Experiment, rule: Initialisation) -> Experiment:
    """Returns the experiment with W_hh drawn by a rule of its own."""
    return replaced(experiment, network=replaced(_recurrent(experiment), recurrent_initialisation=rule))


def as_irnn(experiment: Experiment) -> Experiment:
    """Returns the experiment as an IRNN (Le et al. 2015): ReLU, and W_hh starts as the identity."""
    if not isinstance(_recurrent(experiment).cell, VanillaCell):
        raise SpecError("the activations of a cell with gates are fixed")
    return with_recurrent_start(with_cell(experiment, VanillaCell(activation="relu")), Identity())


def with_forget_bias(experiment: Experiment) -> Experiment:
    """Returns an LSTM's experiment with the forget gate open at the start."""
    network = _recurrent(experiment)
    if not isinstance(network.cell, Lstm):
        raise SpecError("only an LSTM has a forget bias")
    if network.cell.forget_bias >= FORGET_BIAS:
        raise SpecError(f"the forget bias is {network.cell.forget_bias:g} already")
    return with_cell(experiment, Lstm(forget_bias=FORGET_BIAS))


def _recurrent(experiment: Experiment) -> Recurrent:
    if not isinstance(experiment.network, Recurrent):
        raise SpecError("the network is not recurrent")
    return experiment.network


def _lstm(experiment: Experiment) -> Experiment:
    if isinstance(_recurrent(experiment).cell, Lstm):
        raise SpecError("it is an LSTM already")
    return with_cell(experiment, Lstm())


def _gru(experiment: Experiment) -> Experiment:
    if isinstance(_recurrent(experiment).cell, Gru):
        raise SpecError("it is a GRU already")
    return with_cell(experiment, Gru())


THROUGH_TIME = (
    Remedy(
        "lstm",
        "LSTM cell",
        "gated identity path in time",
        "cell",
        Helps.MITIGATES,
        "needs a forget bias: even a gate at 0.95 leaves 0.006 after 100 steps",
        _lstm,
    ),
    Remedy(
        "gru",
        "GRU cell",
        "gated identity path in time",
        "cell",
        Helps.MITIGATES,
        "at the start its update gate stands at a half, so a hundred steps are still lost",
        _gru,
    ),
    Remedy(
        "forget-bias",
        f"forget bias {FORGET_BIAS:g}",
        "forget gate at the start",
        "cell",
        Helps.YES,
        "0.95 of the cell's gradient passes each step, until the gate is learned",
        with_forget_bias,
    ),
    Remedy(
        "irnn",
        "IRNN: ReLU and identity",
        "slope and recurrent weights",
        "cell",
        Helps.MATCHED,
        "keeps the gradient at the start; one step of training may tip it into explosion",
        as_irnn,
    ),
    Remedy(
        "orthogonal-recurrent",
        "orthogonal recurrent weights",
        "recurrent weights at the start",
        "recurrent start",
        Helps.MATCHED,
        "keeps lengths while tanh stays near 0; saturation still shrinks",
        partial(with_recurrent_start, rule=Orthogonal()),
    ),
)
