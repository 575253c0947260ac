"""`vgdesk activation`: an activation of one's own, examined in the terminal."""

from typing import Annotated, Any

import typer

from vgdesk.cli.arguments import JSON
from vgdesk.cli.output import say, say_json
from vgdesk.present.examination import check_words, examination_lines, slope_at
from vgdesk.records.examination import Examination, NumericCheck
from vgdesk.spec.activation import FORMULA
from vgdesk.spec.formula.examining import own_activation
from vgdesk.spec.formula.facts import Extreme
from vgdesk.spec.formula.reading import VOCABULARY

FORMULA_HELP = f"{VOCABULARY} One that begins with - stands after --."


def activation(
    formula: Annotated[str, typer.Argument(help=FORMULA_HELP)],
    json: JSON = False,
) -> None:
    """Examine an activation typed as a formula: derivative, kinks, range, steepest slope, saturation, numeric check.

    The same formula, with formula: in front, is an `activation` of an experiment.
    Exit status 1 when the symbolic slope, the central difference and the kernel
    disagree. The JSON object holds: formula, slope, parameters, kinks (at, value
    and slope on either side, slope_at), range (low, high), steepest, saturated
    (intervals where |slope| < 0.01, or null), limits and slope_limits (at -inf, inf),
    finite and check (points, central_error, kernel_error, passed).
    """
    from vgdesk.engine.examination import examine_within
    from vgdesk.study.own_activation import check

    text = formula.removeprefix(FORMULA)
    own_activation(text)  # refuses at once what cannot be read, without a process
    examination = examine_within(text)
    verdict = check(examination)
    if json:
        say_json(_object(examination, verdict))
    else:
        if examination.text != " ".join(text.split()):
            say("signs or letters of what was typed were normalised")
        for name, line in [*examination_lines(examination), ("check", check_words(verdict))]:
            say(f"{name:<16}{line}".rstrip())
    if not verdict.passed:
        raise typer.Exit(1)


def _object(found: Examination, verdict: NumericCheck) -> dict[str, Any]:
    behaviour = found.behaviour
    return {
        "formula": found.text,
        "slope": found.slope,
        "parameters": dict(found.parameters),
        "kinks": [
            {"at": kink.at, "value": kink.value, "slope": kink.slope, "slope_at": slope_at(found, kink)}
            for kink in behaviour.kinks
        ],
        "range": {"low": _extreme(behaviour.lowest), "high": _extreme(behaviour.highest)},
        "steepest": _extreme(behaviour.steepest),
        "saturated": behaviour.saturated,
        "limits": behaviour.limits,
        "slope_limits": behaviour.slope_limits,
        "finite": behaviour.finite,
        "check": {name: getattr(verdict, name) for name in verdict.__struct_fields__},
    }


def _extreme(extreme: Extreme) -> dict[str, Any]:
    return {name: getattr(extreme, name) for name in extreme.__struct_fields__}
