"""`vgdesk mean-field`, `vgdesk critical` and `vgdesk phase`: the theory of wide networks in the terminal."""

import math
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from vgdesk.cli.arguments import JSON
from vgdesk.cli.options import check_output, found_experiment, integer, number, output_path
from vgdesk.cli.output import say, say_json, say_written
from vgdesk.errors import SpecError
from vgdesk.present.formula.numbers import number_text
from vgdesk.spec.base import require_choice
from vgdesk.spec.mixture import layer_mixture, settled
from vgdesk.spec.recurrent import Recurrent
from vgdesk.spec.typed import is_too_large, real_number

if TYPE_CHECKING:
    from vgdesk.theory.fixed_point import FixedPoint

ACTIVATION = Annotated[
    str,
    typer.Argument(
        help="An activation, e.g. tanh; an unknown one is answered with the list. "
        "Of layers whose units differ 'mix: 3 relu & tanh'."
    ),
]
SIGMA_B = Annotated[
    float, typer.Option(help="Standard deviation of the biases.", parser=number("--sigma-b"), metavar="NUMBER")
]


def mean_field(
    activation: ACTIVATION,
    sigma_w: Annotated[
        float,
        typer.Option(
            help="Standard deviation of the weights times √fan-in.", parser=number("--sigma-w"), metavar="NUMBER"
        ),
    ],
    sigma_b: SIGMA_B,
    q0: Annotated[
        float, typer.Option(help="Variance of z in the first layer.", parser=number("--q0"), metavar="NUMBER")
    ] = 1.0,
    json: JSON = False,
) -> None:
    """Tell where the variance q of z settles in a deep, wide network, and what gradients do there.

    The JSON object holds: activation, sigma_w, sigma_b, q0; fixed_points (q,
    chi_1 = factor of |dL/dz|² per layer, chi_q = slope of the variance map,
    stable, depth scales xi_q, xi_c, xi_grad (of |dL/dz|²) in layers, c_star = correlation in
    which two inputs end); reached (the fixed point in which the iteration from
    q0 ends, or null); reason.
    """
    from vgdesk.theory.mean_field import mean_field as find

    found = find(activation, sigma_w, sigma_b, q0)
    if json:
        say_json({**msgspec.to_builtins(found), "reason": found.reason or None})
        return
    for point in found.fixed_points:
        say(
            f"q* = {_number(point.q)} ({'stable' if point.stable else 'unstable'}): χ₁ = {_number(point.chi_1)}, "
            f"χ_q = {_number(point.chi_q)}; {_grown(point.xi_grad)}"
        )
        say(f"  {_scales(point)}")
    if found.reached is not None:
        say(f"from q0 = {_number(q0)} it ends at q* = {_number(found.reached.q)}")
    if found.reason:
        say(found.reason)


def _grown(xi_grad: float) -> str:
    """Returns what a depth scale of the gradient means: xi_grad is that of |dL/dz|², the gradient's own is twice it."""
    if math.isinf(xi_grad):
        return "gradients neither vanish nor explode"
    if xi_grad == 0.0:
        return "towards the input |∂L/∂z| becomes 0 at once"
    word = "grow" if xi_grad < 0 else "shrink"
    return (
        f"towards the input |∂L/∂z| {word}s e-fold per {number_text(2 * abs(xi_grad), 4)} layers "
        f"(ξ_grad = {number_text(xi_grad, 4)} is that of |∂L/∂z|²)"
    )


def _scales(point: "FixedPoint") -> str:
    """Returns over how many layers the variance and the correlation of two inputs settle, and where the latter ends."""
    variance = f"depth scales: ξ_q = {_layers(point.xi_q)} of the variance"
    if point.xi_c is None or point.c_star is None:
        return f"{variance}; at q* = 0 no two inputs have a correlation"
    correlation = f"ξ_c = {_layers(point.xi_c)} of the correlation of two inputs"
    return f"{variance}, {correlation}, which ends at c* = {_number(point.c_star)}"


def _layers(depth_scale: float) -> str:
    if math.isinf(depth_scale):
        return "∞"
    if depth_scale == 0.0:
        return "0 layers (at once)"
    return f"{number_text(depth_scale, 4)} layers" + (" (negative: what deviates grows)" if depth_scale < 0 else "")


def _number(value: float) -> str:
    """Returns a number with the six digits by which a point on a critical line is told from its neighbours."""
    return number_text(value, 6)


def critical(activation: ACTIVATION, sigma_b: SIGMA_B, json: JSON = False) -> None:
    """Find sigma_w for which gradients neither vanish nor explode (chi_1 = 1), and whether the variance stays there.

    The JSON object holds: activation, sigma_b; sigma_w, q, chi_q, stable of the
    first critical point, or null; reason (why there is none, or what is special
    about it); points (all of them, stable ones first); calculate_gain (sigma_w as
    PyTorch recommends it, or null).
    """
    from vgdesk.theory.critical import critical as find
    from vgdesk.theory.gains import recommended_gain

    found = find(activation, sigma_b)
    first = found.points[0] if found.points else None
    if json:
        head = {name: getattr(first, name, None) for name in ("sigma_w", "q", "chi_q", "stable")}
        points = [msgspec.to_builtins(point) for point in found.points]
        say_json(
            {"activation": activation, "sigma_b": sigma_b, **head, "reason": found.reason or None, "points": points}
            | {"calculate_gain": recommended_gain(activation)}
        )
        return
    for point in found.points:
        q = "any q" if point.q is None else f"q = {_number(point.q)}"
        say(f"σ_w = {_number(point.sigma_w)} at {q} ({'stable' if point.stable else 'unstable'})")
    if found.reason:
        say(found.reason)
    gain = recommended_gain(activation)
    if gain is not None:
        say(f"PyTorch's calculate_gain recommends σ_w = {_number(gain)}")


def phase(
    activation: ACTIVATION,
    out: Annotated[
        Path, typer.Option(help="File to write: .png, .svg, .pdf or .csv.", parser=output_path, metavar="FILE")
    ],
    sigma_w: Annotated[
        str | None,
        typer.Option(help="Range of sigma_w; by default critical line and network are in it.", metavar="LOW:HIGH"),
    ] = None,
    sigma_b: Annotated[str | None, typer.Option(help="Range of sigma_b; else likewise.", metavar="LOW:HIGH")] = None,
    points: Annotated[
        int, typer.Option(help="Points along each axis.", parser=integer("--points"), metavar="INTEGER")
    ] = 200,
    shown: Annotated[str, typer.Option(help="What the colours are: chi, or depth for the trainable depth.")] = "chi",
    experiment: Annotated[
        str | None,
        typer.Option(help="Mark this experiment's network, and where its depth is 5 xi.", metavar="NAME"),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object: what was written, and where.")] = False,
) -> None:
    """Write the phase diagram: where gradients vanish or explode, over sigma_w and sigma_b, with the critical line.

    A range that leaves out the network of --experiment is widened to hold it.
    """
    from vgdesk.export.figure import FIGURE_SUFFIXES, export_phase
    from vgdesk.present.phase import phase_scene
    from vgdesk.study.phase import phase_spans
    from vgdesk.theory.phase import phase_diagram

    check_output(out, FIGURE_SUFFIXES, experiment or "")
    require_choice("--shown", shown, ("chi", "depth"))
    depth, point = (0, None) if experiment is None else _place(experiment, activation)
    usual = phase_spans(activation, *(point or (0.0, 0.0)))
    wide = usual[0] if sigma_w is None else _holding("--sigma-w", sigma_w, point and point[0])
    high = usual[1] if sigma_b is None else _holding("--sigma-b", sigma_b, point and point[1])
    found = phase_diagram(activation, wide, high, points)
    scene = phase_scene(activation, found.sigma_w, found.sigma_b, found.q, found.chi_1, shown, depth)
    export_phase(replace(scene, point=point), out)
    say_written("phase", out, json)


def _place(name: str, activation: str) -> tuple[int, tuple[float, float]]:
    """Returns the depth of an experiment's network and where its middle layer stands in the diagram."""
    from vgdesk.theory.depth_search import typical_layer, typical_start

    found = found_experiment(name)
    if isinstance(found.network, Recurrent):
        raise SpecError(
            f"--experiment must be a feed-forward network to have a place here; {found.name!r} is recurrent"
        )
    number = typical_layer(found.network)
    own = layer_mixture(found.network.layers[number - 1])
    if own != settled(activation):
        raise SpecError(f"--experiment must have the diagram's activation {activation!r}; {found.name!r} has {own!r}")
    start = typical_start(found)
    return found.network.depth, (start.weight**0.5, start.bias**0.5)


def _holding(option: str, text: str, place: float | None) -> tuple[float, float]:
    """Returns a range as it was given, or so much wider that it holds the network's place."""
    low, high = _span(option, text)
    return (low, high) if place is None or not low < high else (min(low, place), max(high, place))


def _span(option: str, text: str) -> tuple[float, float]:
    low, _, high = text.partition(":")
    try:
        ends = real_number(low), real_number(high)
    except ValueError:
        raise SpecError(f"{option} must be a range such as 0.5:3, got {text[:80]!r}") from None
    if is_too_large(low, ends[0]) or is_too_large(high, ends[1]):
        raise SpecError(f"{option} must be a range of numbers up to 1.8e308 in size, got {text[:80]!r}")
    return ends
