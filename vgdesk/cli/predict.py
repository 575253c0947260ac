"""`vgdesk predict`: every layer's gradient before training."""

import math
from typing import Annotated

import typer

from vgdesk.cli.arguments import EXPERIMENT_NAME
from vgdesk.cli.bars import gradient_lines, thinned
from vgdesk.cli.options import found_experiment
from vgdesk.cli.output import can_say, console, say, say_json
from vgdesk.errors import SpecError
from vgdesk.present.profile import QUANTITY_LABELS
from vgdesk.present.published import published_lines
from vgdesk.records.places import Places
from vgdesk.records.prediction import PREDICTED, Prediction
from vgdesk.records.profile import GradientProfile
from vgdesk.records.spelling import magnitude_text
from vgdesk.spec.base import require_choice
from vgdesk.spec.recording import QUANTITIES


def predict(
    experiment: EXPERIMENT_NAME,
    quantity: Annotated[
        str | None,
        typer.Option(help="weight (|dL/dW|), delta (|dL/dz|) or state (|dL/dh|; the only one of recurrent networks)."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead, with every quantity.")] = False,
) -> None:
    """Predict the gradient of every layer or time step before training, with its scatter over seeds.

    No weight is drawn: mean-field theory takes the network, its initialisation
    and the first step's examples. Two of three seeds lie within one deviation of
    the median, most within two.

    The JSON object holds: experiment; profiles (route "theory", quantity, places
    "layer" or "time", log10_norm = median over seeds of log10 of the norm per
    layer or time step, log10_deviation = its standard deviation over seeds, in
    decades); variances (q of z in each layer, 0 or "inf" beyond float64);
    log10_variances; chi (sigma_w² E[phi'²] of each hidden layer, without what
    normalisation, dropout and skip connections around it do: the gradient's factor
    with them is chi of `vgdesk plan`); published_factors (of each hidden layer with
    normalisation, dropout or a residual connection: value, of which square, words
    with its source; null of others, and where that would be 0 / 0); log10_input_norm
    (of |dL/dh^0| at the network's input, or null); note; reason (why there is no
    prediction, or null).
    """
    from vgdesk.study.predict import predict as predict_study

    prediction = predict_study(found_experiment(experiment))
    shown = _shown(prediction, quantity)
    if json:
        say_json(prediction_object(prediction))
    elif shown is None:
        say(f"no prediction: {prediction.reason}")
    else:
        _say_profile(prediction, shown)


def prediction_object(prediction: Prediction) -> dict[str, object]:
    """Returns a prediction as plain JSON values."""
    profiles = [
        {
            "route": profile.route,
            "quantity": profile.quantity,
            "places": profile.places.value,
            "log10_norm": profile.log10_norm.tolist(),
            "log10_deviation": None if profile.log10_deviation is None else profile.log10_deviation.tolist(),
        }
        for profile in prediction.profiles
    ]
    return {
        "experiment": prediction.experiment,
        "profiles": profiles,
        "variances": prediction.variances.tolist(),
        "log10_variances": prediction.log10_variances.tolist(),
        "chi": prediction.chi.tolist(),
        "published_factors": [
            None if factor is None else {"value": factor.value, "of": factor.of, "words": factor.words}
            for factor in prediction.published
        ],
        "log10_input_norm": None if math.isnan(prediction.log10_input_norm) else prediction.log10_input_norm,
        "note": prediction.note or None,
        "reason": prediction.reason or None,
    }


def _shown(prediction: Prediction, quantity: str | None) -> GradientProfile | None:
    """Returns the profile to show: the named one, or the first; None where nothing is predicted."""
    if quantity is not None:
        require_choice("quantity", quantity, PREDICTED)
    if not prediction.profiles or quantity is None:
        return prediction.profiles[0] if prediction.profiles else None
    chosen = prediction.profile(quantity)
    if chosen is None:
        raise SpecError(f"quantity must be state for a recurrent network, got {quantity!r}")
    return chosen


def _say_profile(prediction: Prediction, profile: GradientProfile) -> None:
    log10 = profile.log10_norm.tolist()
    say(f"predicted {QUANTITY_LABELS[profile.quantity]}, median over seeds")
    places = thinned(len(log10)) if profile.places is Places.TIME else range(1, len(log10) + 1)
    head = (profile.places.word, f"‖{QUANTITIES[profile.quantity].symbol}‖")
    for line in gradient_lines(log10, console.width, can_say("█▏○×"), head, places):
        say(line)
    if profile.quantity == "state" and not math.isnan(prediction.log10_input_norm):
        say(f"at the network's input: {magnitude_text(prediction.log10_input_norm)}")
    if words := _scatter(profile):
        say(f"scatter over seeds: {words}")
    for line in published_lines(prediction):
        say(line)
    if prediction.note:
        say(prediction.note)


def _scatter(profile: GradientProfile) -> str:
    """Returns the deviations of the first and the last place in words; a gradient that is exactly 0 has none."""
    if profile.log10_deviation is None:
        return ""
    rows = list(zip(profile.labels, profile.log10_norm.tolist(), profile.log10_deviation.tolist(), strict=True))
    ends = [(name, deviation) for name, log10, deviation in dict.fromkeys((*rows[:1], *rows[-1:])) if log10 > -math.inf]
    units = (" decades", "")
    return ", ".join(f"{deviation:.2f}{unit} in {name}" for (name, deviation), unit in zip(ends, units, strict=False))
