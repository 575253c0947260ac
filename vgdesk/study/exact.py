"""Exact gradients for given arrays: anyone can compare them with their own framework.

What goes in and what comes out are named arrays (`.npz`), documented in `vgdesk gradients --help`:

    parameters   `records.parameters.parameter_names`
    batch        inputs, targets
    gradients    loss; d<name> for each parameter; dh0 (batch, inputs) at the input and dh1, dh2, ... (batch, units)
                 after each layer, or dh (time steps, batch, units) and, for an LSTM, dc; log10_dh and log10_dW (and
                 log10_dh0), norms that also have a number where the values themselves underflow to 0 or overflow
"""

from pathlib import Path

import numpy as np

from vgdesk.errors import DocumentError
from vgdesk.records.parameters import LossGradient, Parameters, named_arrays, parameter_names, parameters_of
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.recurrent import Recurrent
from vgdesk.training.array_file import read_arrays
from vgdesk.training.data import TaskData, load_parts
from vgdesk.training.gradient import gradient
from vgdesk.training.parameters import draw


def read_parameters(experiment: Experiment, path: Path | str | None) -> Parameters:
    """Returns the parameters in a file, or the experiment's own draw where there is none."""
    if path is None:
        return draw(experiment)
    return parameters_of(experiment.network, read_arrays(path, parameter_names(experiment.network)))


def read_batch(experiment: Experiment, path: Path | str | None) -> TaskData:
    """Returns the batch in a file, or the experiment's first examples, as many as a step takes."""
    if path is None:
        data = load_parts(experiment).training
        return data.first(experiment.training.batch_of(len(data.inputs)))
    arrays = read_arrays(path, batch_shapes(experiment))
    if len(arrays["inputs"]) != len(arrays["targets"]):
        found = len(arrays["inputs"]), len(arrays["targets"])
        raise DocumentError(f"inputs and targets in {Path(path).name} must hold as many examples, got {found}")
    return TaskData(arrays["inputs"], arrays["targets"])


def batch_shapes(experiment: Experiment) -> dict[str, tuple[int | None, ...]]:
    """Returns the shapes of a batch's arrays; None stands for the number of examples."""
    network = experiment.network
    if isinstance(network, Recurrent):
        inputs, targets = (network.steps, network.inputs), (network.output_steps, network.outputs)
    else:
        inputs, targets = (network.inputs,), (network.outputs,)
    return {"inputs": (None, *inputs), "targets": (None, *targets)}


def exact_gradients(experiment: Experiment, parameters: Parameters, batch: TaskData) -> dict[str, np.ndarray]:
    """Returns loss and gradients of one batch by name, float64; dropout is off, batch norm uses the batch."""
    found = gradient(experiment, parameters, batch.inputs, batch.targets)
    slopes = {f"d{name}": values for name, values in named_arrays(experiment.network, found).items()}
    return {"loss": np.array(found.loss), **slopes, **_states(experiment, found), **_norms(experiment, found)}


def _states(experiment: Experiment, found: LossGradient) -> dict[str, np.ndarray]:
    if isinstance(experiment.network, Recurrent):
        cells = {"dc": np.stack(found.cells)} if found.cells else {}
        return {"dh": np.stack(found.states), **cells}
    return {f"dh{layer}": values for layer, values in enumerate((found.input_state, *found.states))}


def _norms(experiment: Experiment, found: LossGradient) -> dict[str, np.ndarray]:
    norms = {"log10_dW": found.log10_weight_norm, "log10_dh": found.log10_state_norm}
    if isinstance(experiment.network, Recurrent):
        return norms
    return {**norms, "log10_dh0": np.array(found.log10_input_norm)}
