"""`vgdesk plan`: how deep a network may be before its first layer's gradient is lost."""

from typing import Annotated

import msgspec
import typer

from vgdesk.cli.arguments import EXPERIMENT_NAME, JSON
from vgdesk.cli.options import found_experiment, number
from vgdesk.cli.output import say, say_json
from vgdesk.errors import SpecError
from vgdesk.records.depth_plan import DepthPlan


def plan(
    experiment: EXPERIMENT_NAME,
    ratio: Annotated[
        float | None,
        typer.Option(
            help="Smallest |dL/dz| of layer 1 over that of the output layer (1e-6).",
            parser=number("--ratio"),
            metavar="NUMBER",
        ),
    ] = None,
    format: Annotated[
        str | None,
        typer.Option(help="Instead: float16, bfloat16, float32 or float64 must hold the numbers of dL/dW of layer 1."),
    ] = None,
    json: JSON = False,
) -> None:
    """Tell how deep the network may be before its first layer's gradient is lost, and what would make it critical.

    The middle hidden layer is repeated, or left out, and mean-field theory asked
    again. A ratio limits growth, too: what may shrink to r may grow to 1/r.

    The JSON object holds: experiment; limit (the ratio or the format); depth
    (layers now); activation, sigma_w, sigma_b (of the hidden layers);
    log10_ratio (of layer 1 to the output now, the median over seeds);
    log10_deviation (its scatter over seeds, in decades); log10_wide (the same
    ratio of very wide layers); width (units of the narrowest hidden layer, or null); chi (factor of |dL/dz|² per
    layer, normalisation, dropout and skip connections included; null where no
    gradient comes that far); chi_1 (of weights, activation and dropout deep inside, or null);
    settles (false: the variance has no fixed point, and chi is that of the middle of this network); xi (depth scale
    -1/ln chi, null where infinite or unknown); deepest (most layers whose predicted median keeps
    the limit: one more does not; or null where all up to tried do); tried
    (deepest network predicted); estimate (where deepest is null: most layers at
    the pace of the deepest ones, or null for any depth); critical_sigma_w,
    critical_sigma_b (chi = 1 there, dropout included; or null); critical_note; note;
    reason (why there is no answer, or null); off_critical (hidden layers that start otherwise);
    is_brief (false: the depth was looked for); beside (what stands in the hidden layers besides
    weights and activation); alone_chi_1 (chi_1 as it were without that, or null);
    alone_settles (settles as it were without that).
    """
    from vgdesk.present.depth_plan import plan_sentences
    from vgdesk.study.plan import DEFAULT_LIMIT
    from vgdesk.study.plan import plan as study_plan

    if ratio is not None and format is not None:
        raise SpecError("--ratio and --format exclude each other: a limit is a ratio or a number format")
    limit = format if format is not None else DEFAULT_LIMIT if ratio is None else ratio
    found = study_plan(found_experiment(experiment), limit)
    if json:
        say_json(plan_object(found))
        return
    for sentence in plan_sentences(found):
        say(sentence)


def plan_object(plan: DepthPlan) -> dict[str, object]:
    """Returns a plan as plain JSON values; what is not known or not finite is null."""
    fields = {**msgspec.structs.asdict(plan), "xi": plan.xi}
    notes = {name: fields[name] or None for name in ("activation", "width", "critical_note", "note", "reason")}
    return {name: _finite(value) for name, value in (fields | notes).items()}


def _finite(value: object) -> object:
    return None if isinstance(value, float) and not abs(value) < float("inf") else value
