"""What recurrent kernels are asked to train, and the checks that let no wrong array through to them.

Equations and the order of gates stand in `through_time`; rows of every matrix are receiving units, gate after gate.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from vgdesk.kernels.layout import ACTIVATION_CODES
from vgdesk.kernels.losses import LOSS_CODES
from vgdesk.spec.activation import family_name, own_formula

GATES = {"rnn": 1, "lstm": 4, "gru": 3}
"""How many blocks of `width` rows W_ih, W_hh and b have."""


@dataclass(frozen=True)
class RecurrentNetwork:
    """Names what a kernel needs to know of a recurrent network.

    Attributes
    ----------
    cell
        "rnn", "lstm" or "gru".
    inputs, width, outputs, steps
        Numbers per time step, units, outputs, time steps.
    loss
        One of `LOSS_CODES`; its mean is over the batch and the output steps.
    activation
        Of the "rnn" cell.
    reset
        Of the "gru" cell: "after" or "before" the recurrent product.
    output_activation, output_steps
        Of the output, which is read at the last so many time steps.
    """

    cell: str
    inputs: int
    width: int
    outputs: int
    steps: int
    loss: str
    activation: str = "tanh"
    reset: str = "after"
    output_activation: str = "identity"
    output_steps: int = 1


def parameter_shapes(network: RecurrentNetwork) -> dict[str, tuple[int, ...]]:
    """Returns name and shape of every array of parameters."""
    rows, width = GATES[network.cell] * network.width, network.width
    second = {"b_hn": (width,)} if has_second_bias(network) else {}
    return {
        "W_ih": (rows, network.inputs),
        "W_hh": (rows, width),
        "b": (rows,),
        **second,
        "W_out": (network.outputs, width),
        "b_out": (network.outputs,),
    }


def has_second_bias(network: RecurrentNetwork) -> bool:
    """Whether the recurrent product of the candidate has a bias of its own, b_hn."""
    return network.cell == "gru" and network.reset == "after"


def require_recurrent(network: RecurrentNetwork) -> None:
    """Raises ValueError unless the network's parts fit together."""
    if network.cell not in GATES or network.reset not in ("after", "before"):
        raise ValueError(f"cell {network.cell!r} with reset {network.reset!r} is none of rnn, lstm, gru")
    for name in (network.activation, network.output_activation):
        if name == "prelu" or (family_name(name) not in ACTIVATION_CODES and own_formula(name) is None):
            raise ValueError(f"activation {name!r} is not one of a recurrent network")
    sizes = network.inputs, network.width, network.outputs, network.output_steps
    if min(sizes) < 1 or network.steps < network.output_steps:
        raise ValueError(f"sizes {sizes} over {network.steps} time steps do not make a network")
    if network.loss not in LOSS_CODES:
        raise ValueError(f"loss must be one of {', '.join(LOSS_CODES)}; got {network.loss!r}")
    expected = {"bce": "sigmoid", "softmax-cross-entropy": "identity"}.get(network.loss, network.output_activation)
    if network.output_activation != expected:
        raise ValueError(f"{network.loss} needs the output {expected}, got {network.output_activation!r}")


def require_parameters(network: RecurrentNetwork, parameters: Mapping[str, np.ndarray]) -> None:
    """Raises ValueError unless there is exactly one array of the right shape for each parameter."""
    expected, found = parameter_shapes(network), {name: np.shape(array) for name, array in parameters.items()}
    if found != expected:
        raise ValueError(f"parameters must have shapes {expected}, got {found}")


def require_sequences(network: RecurrentNetwork, inputs: np.ndarray, targets: np.ndarray) -> None:
    """Raises ValueError unless inputs are (N, T, inputs) and targets (N, output steps, outputs)."""
    count = len(inputs)
    if count < 1:
        raise ValueError("at least one example is needed, got none")
    wanted = (count, network.steps, network.inputs), (count, network.output_steps, network.outputs)
    found = np.shape(inputs), np.shape(targets)
    if found != wanted:
        raise ValueError(f"inputs and targets must have shapes {list(wanted)}, got {list(found)}")
