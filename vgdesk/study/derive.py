"""Use case: derive the gradient of one weight symbolically, or the whole network's profile.

The numbers come from the experiment's own seeded draw of parameters, the same that training starts from.
"""

import msgspec

from vgdesk.errors import SpecError
from vgdesk.records.codec import frozen
from vgdesk.records.derivation import Derivation, StepKind
from vgdesk.records.parameters import Parameters
from vgdesk.records.places import places_of
from vgdesk.records.profile import GradientProfile
from vgdesk.spec.base import require_choice
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.recurrent import Recurrent
from vgdesk.symbolic.derive import derive_gradient
from vgdesk.symbolic.gradients import BatchGradient
from vgdesk.symbolic.layers import couples_examples
from vgdesk.symbolic.limits import require_derivable
from vgdesk.symbolic.shared import derive_sum, is_plain
from vgdesk.training.data import TaskData, load_parts
from vgdesk.training.parameters import draw

PROFILE_QUANTITIES = ("weight", "state", "delta")
MOST_EXAMPLES = 500
"""A second or two for the largest network that is derived; a table of a million rows must not stop the derivation."""


def derive(
    experiment: Experiment,
    wrt: str,
    example: int = 1,
    parameters: Parameters | None = None,
    data: TaskData | None = None,
) -> Derivation:
    """Derives dL/d(wrt) for one example of the experiment's task.

    Parameters
    ----------
    wrt
        Name of a learned number, see `vgdesk.symbolic.learned`.
    example
        Which example, counting from 1. Where batch normalisation couples the examples, the derivation is of their mean
        loss, and this one's values are shown in the diagram.
    parameters
        Numbers to substitute; the experiment's own draw when None.
    data
        The examples; those of the experiment's task when None.

    Raises
    ------
    SpecError
        Unknown weight, or no example of that number.
    DerivationTooLarge
        The network is too large to be read.
    """
    data = data or derived_example(experiment, example)
    numbers = parameters or draw(experiment)
    if is_plain(experiment):
        found = derive_gradient(experiment, wrt, numbers, data.inputs[example - 1], data.targets[example - 1])
    else:
        found = derive_sum(experiment, wrt, numbers, data.inputs, data.targets, example)
    return found if couples_examples(experiment) else of_example(found, example, len(data.inputs))


def of_example(derivation: Derivation, example: int, examples: int) -> Derivation:
    """Returns a derivation that says of which of several examples it is, also above its result."""
    if examples == 1:
        return derivation
    named = msgspec.structs.replace(derivation, example=example, examples=examples)
    titles = {StepKind.RESULT: named.result_title}
    steps = (msgspec.structs.replace(step, title=titles.get(step.kind, step.title)) for step in named.steps)
    return msgspec.structs.replace(named, steps=tuple(steps))


def symbolic_profile(
    experiment: Experiment,
    parameters: Parameters | None = None,
    quantity: str | None = None,
    data: TaskData | None = None,
) -> GradientProfile:
    """Returns the magnitudes of a quantity's gradient, of the batch-mean loss of (at most `MOST_EXAMPLES`) examples.

    Parameters
    ----------
    quantity
        "weight": |dL/dW| of each layer, or of W_ih, W_hh and W_out. "state": |dL/dh| and "delta": |dL/dz| of each layer
        or time step. By default "weight" of a feed-forward network, "state" of a recurrent one.
    data
        The examples; those of the experiment's task when None.

    Raises
    ------
    SpecError
        The quantity is not one of these.
    DerivationTooLarge
        The network is too large to be read.
    """
    chosen = quantity or ("state" if isinstance(experiment.network, Recurrent) else "weight")
    require_choice("quantity", chosen, PROFILE_QUANTITIES)
    require_derivable(experiment)
    data = data.first(MOST_EXAMPLES) if data else derived_examples(experiment, MOST_EXAMPLES)
    found = BatchGradient(experiment, parameters or draw(experiment), data.inputs, data.targets)
    norms = {
        "weight": found.log10_weight_norms,
        "state": found.log10_state_norms,
        "delta": found.log10_delta_norms,
    }[chosen]
    return GradientProfile(
        experiment=experiment.name,
        route="symbolic",
        quantity=chosen,
        log10_norm=frozen(norms()),
        places=places_of(chosen, experiment.network)[0],
    )


def derived_example(experiment: Experiment, example: int) -> TaskData:
    """Returns the examples of an experiment that can be derived; raises `SpecError` without one of that number."""
    require_derivable(experiment)
    data = derived_examples(experiment)
    if not 1 <= example <= len(data.inputs):
        raise SpecError(f"example must be from 1 to {len(data.inputs)}, got {example}")
    return data


def derived_examples(experiment: Experiment, most: int | None = None) -> TaskData:
    """Returns the first examples that are trained on: at most `most`, all of them where they are coupled.

    Raises
    ------
    DerivationTooLarge
        Batch normalisation couples more examples than can be written down.
    """
    data = load_parts(experiment).training
    if couples_examples(experiment):
        require_derivable(experiment, len(data.inputs))
        return data
    return data if most is None else data.first(most)
