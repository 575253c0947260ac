"""`vgdesk saturation`: where the units of a layer stand on their activation."""

from typing import Annotated, Any

import typer

from vgdesk.cli.arguments import ALSO_OUT, EXPERIMENT_NAME, JSON, STEPS_BEFORE
from vgdesk.cli.options import check_output, found_experiment, integer
from vgdesk.cli.output import say, say_json, written_words
from vgdesk.export.standing import table_kind
from vgdesk.records.saturation import Saturation


def saturation(
    experiment: EXPERIMENT_NAME,
    layer: Annotated[
        int | None,
        typer.Option(
            help="Layer, or time step (that with most saturated units).", parser=integer("--layer"), metavar="INTEGER"
        ),
    ] = None,
    step: STEPS_BEFORE = 0,
    out: ALSO_OUT = None,
    json: JSON = False,
) -> None:
    """Tell where the units of a layer stand on their activation: a histogram, with the slope over it.

    The arguments of the activation, of all units and the examples of the first
    step, are what z is, or what a normalisation makes of it. A unit is saturated
    where |phi'| < 0.01. Saturation supports a vanishing gradient, and is not needed
    for one: sigmoids vanish where they are steepest.

    The JSON object holds: experiment; step; places ("layer" or "time"); place;
    activations; saturated (share); mean_square_slope; edges and shares (of the
    bins); points and slopes (phi' of each activation).
    """
    from vgdesk.export.figure import FIGURE_SUFFIXES, export_saturation
    from vgdesk.present.saturation import saturation_scene
    from vgdesk.study.saturation import find_saturation

    if out is not None:
        check_output(out, FIGURE_SUFFIXES, experiment, table_kind(("from", "to")))
    studied = found_experiment(experiment)
    found = find_saturation(studied, layer, step)
    scene = saturation_scene(found, studied.title)
    if out is not None:
        export_saturation(scene, out)
    if json:
        say_json(_object(found))
        return
    say(scene.sentence)
    if out is not None:
        say(written_words(out))


def _object(found: Saturation) -> dict[str, Any]:
    return {
        "experiment": found.experiment,
        "step": found.step,
        "places": found.places.value,
        "place": found.place,
        "activations": list(found.activations),
        "saturated": found.saturated,
        "mean_square_slope": found.mean_square_slope,
        "edges": found.edges.tolist(),
        "shares": found.shares.tolist(),
        "points": found.points.tolist(),
        "slopes": found.slopes.tolist(),
    }
