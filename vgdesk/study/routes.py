"""Use case: the same gradients by all three routes, of one experiment before its first step.

Measured at the drawn weights, predicted by theory before any weight is drawn, and exact by symbolic differentiation
where the network is small enough to be written down: one quantity, the same places.
"""

import msgspec

from vgdesk.errors import DerivationTooLarge
from vgdesk.records.places import Places
from vgdesk.records.profile import GradientProfile
from vgdesk.spec.experiment import Experiment
from vgdesk.study.derive import MOST_EXAMPLES, PROFILE_QUANTITIES, symbolic_profile
from vgdesk.study.predict import first_examples, predict
from vgdesk.training.loop import Trainer, prepared


class Routes(msgspec.Struct, frozen=True, kw_only=True):
    """Holds the profile of each route.

    Attributes
    ----------
    measured
        Of the first step, before it changes a weight.
    predicted, symbolic
        Of the same quantity and places; None where a route has no answer.
    notes
        Why a route is missing, or what makes its answer less sure; one clause each.
    """

    measured: GradientProfile
    predicted: GradientProfile | None
    symbolic: GradientProfile | None
    notes: tuple[str, ...] = ()

    @property
    def present(self) -> tuple[str, ...]:
        """Which routes have an answer, by name."""
        return tuple(name for name in ("measured", "predicted", "symbolic") if getattr(self, name) is not None)


def three_routes(experiment: Experiment, quantity: str | None = None) -> Routes:
    """Returns what each route says of a quantity: "weight" of layers and "state" of time steps where none is named.

    Raises
    ------
    SpecError, DocumentError
        The quantity is not recorded, or the task's examples cannot be had.
    """
    history = Trainer(experiment, prepared(experiment)).advance(1)
    chosen = quantity or ("state" if history.signals is Places.TIME else "weight")
    prediction = predict(experiment)
    predicted = prediction.profile(chosen)
    symbolic, why = _symbolic(experiment, chosen)
    missing = prediction.reason or f"theory does not predict {chosen}"
    notes = (prediction.note if predicted else f"no prediction: {missing}", why)
    return Routes(
        measured=history.profile(0, chosen),
        predicted=predicted,
        symbolic=symbolic,
        notes=tuple(note for note in notes if note),
    )


def _symbolic(experiment: Experiment, quantity: str) -> tuple[GradientProfile | None, str]:
    """Returns the exact profile, or why there is none, or what sets it apart."""
    if quantity not in PROFILE_QUANTITIES:
        return None, f"no symbolic route to {quantity}"
    examples = first_examples(experiment)
    try:
        profile = symbolic_profile(experiment, quantity=quantity, data=examples)
    except DerivationTooLarge as error:
        return None, f"no symbolic points: too large to be derived, {str(error).partition(';')[0]}"
    count = len(examples.inputs)
    return profile, f"symbolic: the first {MOST_EXAMPLES} of {count} examples" if count > MOST_EXAMPLES else ""
