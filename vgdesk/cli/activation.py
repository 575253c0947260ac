"""`vgdesk activation`: an activation of one's own, examined in the terminal."""

import math
from typing import Annotated, Any

import typer

from vgdesk.cli.output import say, say_json
from vgdesk.engine.examination import examine_within
from vgdesk.records.examination import Examination, NumericCheck
from vgdesk.spec.activation import FORMULA
from vgdesk.spec.formula.behaviour import SATURATED, Behaviour, Extreme, Kink
from vgdesk.spec.formula.examining import own_activation
from vgdesk.spec.formula.values import values

FORMULA_HELP = (
    "A formula in z, such as 'z*tanh(log(1+exp(z)))' or 'where(z > 0, z, a*z); a = 0.1'. It may hold numbers, pi, e, "
    "parameters with their numbers after a semicolon, + - * / **, exp expm1 log log1p sqrt tanh sinh cosh sigmoid "
    "softplus relu erf sin cos atan abs sign max min, where(condition, then, otherwise) and piecewise((value, "
    "condition), ..., otherwise). One that begins with - stands after --."
)


def activation(
    formula: Annotated[str, typer.Argument(help=FORMULA_HELP)],
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead.")] = False,
) -> None:
    """Examine an activation typed as a formula: derivative, kinks, range, steepest slope, saturation, numeric check.

    The same formula, with formula: in front, is an `activation` of an experiment.
    Exit status 1 when the symbolic slope, the central difference and the kernel
    disagree. The JSON object holds: formula, slope, parameters, kinks (at, value
    and slope on either side, slope_at), range (low, high), steepest, saturated
    (intervals where |slope| < 0.01), limits and slope_limits (at -inf, inf),
    finite and check (points, central_error, kernel_error, passed).
    """
    from vgdesk.study.own_activation import check

    text = formula.removeprefix(FORMULA)
    own_activation(text)  # refuses at once what cannot be read, without a process
    examination = examine_within(text)
    verdict = check(examination)
    if json:
        say_json(_object(examination, verdict))
    else:
        for name, line in _lines(examination, verdict, formula.removeprefix(FORMULA)):
            say(f"{name:<16}{line}".rstrip())
    if not verdict.passed:
        raise typer.Exit(1)


def _lines(found: Examination, verdict: NumericCheck, typed: str) -> list[tuple[str, str]]:
    behaviour = found.behaviour
    kinks = [_kink_words(found, kink) for kink in behaviour.kinks] or ["none"]
    lines = [("phi(z)", found.text), ("phi'(z)", found.slope)]
    if found.text != " ".join(typed.split()):
        lines.insert(0, ("read as", "what was typed has signs or letters that were normalised"))
    lines += [("kinks" if n == 0 else "", words) for n, words in enumerate(kinks)]
    lines += [
        ("range", f"{_bound(behaviour.lowest, 'least')}, {_bound(behaviour.highest, 'greatest')}"),
        ("max |phi'|", _bound(behaviour.steepest, "")),
        ("saturated", _intervals(behaviour)),
        ("limits", f"phi {_ends(behaviour.limits)}; phi' {_ends(behaviour.slope_limits)}"),
        ("finite", _span(behaviour)),
        ("check", _check_words(verdict)),
    ]
    return lines


def _kink_words(found: Examination, kink: Kink) -> str:
    jump = f", phi jumps from {kink.value[0]:.6g} to {kink.value[1]:.6g}" if kink.is_jump else ""
    below, above = kink.slope
    return f"z = {kink.at:.6g}: phi' {below:.6g} below, {above:.6g} above, {_at(found, kink):.6g} there{jump}"


def _at(found: Examination, kink: Kink) -> float:
    return values(own_activation(found.text).slope, [kink.at])[0]


def _bound(extreme: Extreme, word: str) -> str:
    if math.isinf(extreme.value):
        return f"no {word} value".replace("  ", " ") if word else "unbounded"
    place = f"z = {extreme.at:.6g}" if math.isfinite(extreme.at) else f"z -> {extreme.at:g}"
    reached = f"at {place}" if extreme.is_reached else f"approached as {place.replace('=', '->')}"
    return f"{word} {extreme.value:.6g} {reached}".strip()


def _intervals(behaviour: Behaviour) -> str:
    spans = [f"{low:.4g} < z < {high:.4g}" for low, high in behaviour.saturated]
    return f"|phi'| < {SATURATED:g} for {', '.join(spans)}" if spans else f"nowhere is |phi'| < {SATURATED:g}"


def _ends(limits: tuple[float, float]) -> str:
    low, high = ("no limit" if end != end else f"{end:.6g}" for end in limits)
    return f"{low} (z -> -inf), {high} (z -> inf)"


def _span(behaviour: Behaviour) -> str:
    low, high = behaviour.finite
    if math.isinf(low) and math.isinf(high):
        return "phi and phi' are finite in float64 for every |z| up to 1e6"
    return f"phi and phi' exceed float64 outside {low:.6g} < z < {high:.6g}"


def _check_words(verdict: NumericCheck) -> str:
    errors = f"central difference {verdict.central_error:.1e}, kernel {verdict.kernel_error:.1e}"
    return f"{'passed' if verdict.passed else 'FAILED'} at {verdict.points} points against 60 digits: {errors}"


def _object(found: Examination, verdict: NumericCheck) -> dict[str, Any]:
    behaviour = found.behaviour
    return {
        "formula": found.text,
        "slope": found.slope,
        "parameters": dict(found.parameters),
        "kinks": [
            {"at": kink.at, "value": kink.value, "slope": kink.slope, "slope_at": _at(found, kink)}
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
