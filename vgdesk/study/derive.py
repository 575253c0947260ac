"""Use case: derive the gradient of one weight symbolically, or the whole network's profile.

The numbers come from the experiment's own seeded draw of parameters, the same that training starts from.
"""

import math

import numpy as np

from vgdesk.errors import SpecError
from vgdesk.records.codec import frozen
from vgdesk.records.derivation import Derivation, NetworkState
from vgdesk.records.parameters import Parameters
from vgdesk.records.profile import GradientProfile
from vgdesk.spec.experiment import Experiment
from vgdesk.symbolic.derive import derive_gradient
from vgdesk.symbolic.gradients import example_states, mean_gradient
from vgdesk.training.data import load_parts
from vgdesk.training.parameters import draw

MOST_EXAMPLES = 500
"""A second or two for the largest network that is derived; a table of a million rows must not stop the derivation."""


def derive(experiment: Experiment, wrt: str, example: int = 1, parameters: Parameters | None = None) -> Derivation:
    """Derives dL/d(wrt) for one example of the experiment's task.

    Parameters
    ----------
    wrt
        Name of a weight or bias.
    example
        Which example, counting from 1.
    parameters
        Numbers to substitute; the experiment's own draw when None.

    Raises
    ------
    SpecError
        Unknown weight, or no example of that number.
    DerivationTooLarge
        The network is too large to be read.
    """
    data = load_parts(experiment).training
    if not 1 <= example <= len(data.inputs):
        raise SpecError(f"example must be from 1 to {len(data.inputs)}, got {example}")
    numbers = parameters or draw(experiment)
    return derive_gradient(experiment, wrt, numbers, data.inputs[example - 1], data.targets[example - 1])


def symbolic_profile(experiment: Experiment, parameters: Parameters | None = None) -> GradientProfile:
    """Returns log10 |dL/dW^l| of the batch-mean loss of all (at most `MOST_EXAMPLES`) examples that are trained on."""
    data = load_parts(experiment).training.first(MOST_EXAMPLES)
    states: list[NetworkState] = example_states(experiment, parameters or draw(experiment), data.inputs, data.targets)
    weights, _ = mean_gradient(states)
    return GradientProfile(
        experiment=experiment.name,
        route="symbolic",
        quantity="weight",
        log10_norm=frozen([_log10_norm(gradient) for gradient in weights]),
    )


def _log10_norm(gradient: np.ndarray) -> float:
    norm = math.hypot(*gradient.ravel())
    return math.log10(norm) if norm > 0 else norm if math.isnan(norm) else -math.inf
