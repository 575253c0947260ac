"""`vgdesk derive` and `vgdesk verify`: the symbolic route in the terminal."""

import math
from pathlib import Path
from typing import Annotated

import typer

from vgdesk.cli.arguments import EXAMPLE, EXPERIMENT_NAME, JSON
from vgdesk.cli.changes import LET, read_changes
from vgdesk.cli.derivation_output import PICTURES, PROGRAMS, SHEETS, chosen_format, give_picture, give_text
from vgdesk.cli.derivation_views import UNFOLD, shown_sheet, told_view
from vgdesk.cli.options import chosen_experiment, integer, output_path
from vgdesk.cli.output import json_text, say, say_json, say_written
from vgdesk.errors import SpecError
from vgdesk.records.derivation import CheckRow
from vgdesk.records.derivation_views import VIEWS
from vgdesk.spec.base import require_choice
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.task import task_shape

WRT = (
    "What to differentiate by. Weights w1, w2, ... and biases b1, b2, ... are numbered through the network; "
    "gamma2_1, beta2_1 scale and shift the normalisation of unit 1 in layer 2, slope2 is layer 2's PReLU, "
    "gate_W2_1_3 and gate_b2_1 belong to its highway gate. In a recurrent network w1, ... are W_ih, u1, ... W_hh, "
    "v1, ... W_out, row by row; b1, ... are b, then b_out; bn1, ... are b_hn."
)
_VERIFIED = (
    "experiment", "passed", "worst", "largest_error_backpropagated", "largest_error_central", "taylor_symbolic",
    "taylor_backpropagated", "examples", "at_kink",
)  # fmt: skip


def derive(
    network: EXPERIMENT_NAME,
    wrt: Annotated[str, typer.Option("--wrt", help=WRT)],
    example: EXAMPLE = 1,
    view: Annotated[
        str,
        typer.Option(
            help="steps: the chain rule step by step. paths: the sum over all paths from the weight to the loss, the "
            "largest first. matrix: the backward rule in matrices. ledger: factor by factor, with the running product."
        ),
    ] = "steps",
    paths: Annotated[
        int | None,
        typer.Option(
            help="With --view paths: how many are listed, 1 to 200 (10).", parser=integer("--paths"), metavar="INTEGER"
        ),
    ] = None,
    unfold: UNFOLD = None,
    let: LET = None,
    format: Annotated[
        str | None,
        typer.Option(
            "--format",
            help="text (the default), latex, typst, mathml, spoken (words to be read aloud) or json; svg, png or pdf: "
            "the typeset sheet, to --out or into a pipe; sympy and numpy are programs that print the gradient, "
            "whatever the view.",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="File to write instead of standard output; its ending is the format's: .txt, .tex, .typ, .mml, "
            ".json, .py, .svg, .png or .pdf.",
            parser=output_path,
            metavar="FILE",
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="The same as --format json: one JSON object.")] = False,
) -> None:
    """Derive dL/dw of a small network, symbols and numbers: step by step, by paths, in matrices, or as a ledger.

    The JSON object holds: experiment, wrt, value, log10_magnitude (true also
    where value is too small for a float), example (whose loss it is of; null
    where the task has but one, or batch normalisation couples them all),
    examples (how many there are to confuse it with), loss, factors (id, symbol,
    latex, closed_form, value), contributions (factors, layer or time step,
    value: the terms of the sum where several places share the parameter) and
    steps (kind, title, lines with text and latex, note). Instead of loss,
    contributions and steps, --view paths has count, zeros, paths (factors,
    route, value, log10_magnitude, sign, share) and rest; --view matrix has
    steps (rule, shapes, numbers, scalars, delta, log10_delta) and result;
    --view ledger has share, note and rows (the factor's fields,
    running_product, log10_running_product, log10_lost).
    """
    format = chosen_format(format, json, out, network)
    experiment = chosen_experiment(network)
    _require_example(experiment, example)
    _refuse_idle(view, format, paths, unfold)
    changes = read_changes(let)
    if format in PROGRAMS:
        give_text(_program(experiment, wrt, format, example, changes), out)
    else:
        sheet, plain = told_view(experiment, wrt, example, view, 10 if paths is None else paths, changes)
        sheet = shown_sheet(sheet, unfold)
        if format in PICTURES:
            give_picture(sheet, format, out)
        else:
            give_text(json_text(plain()) if format == "json" else SHEETS[format](sheet), out)
    if out is not None:
        say_written("derivation", out, json=False)


def verify(network: EXPERIMENT_NAME, json: JSON = False) -> None:
    """Check every gradient three ways: symbolic, back-propagated, central difference. Exit status 1 on disagreement.

    Besides, the slope of the Taylor remainder |L(w + hv) - L(w) - h g.v| over h
    is measured: 2 where the gradient g is right, 1 where it is wrong.

    The gradients are of the mean loss of the first examples, at most 8;
    `vgdesk derive` is of one example's loss, unless batch normalisation
    couples the examples.

    The JSON object holds: experiment, passed, worst (name of the parameter
    whose gradients differ most), largest_error_backpropagated and
    largest_error_central (relative), taylor_symbolic and taylor_backpropagated
    (slopes; null at a kink or where the loss is linear), examples (how many),
    at_kink (whether some unit stands at a kink, where the central difference
    does not count) and rows (name, the three gradients, their relative errors
    ("nan" where there is nothing to compare), agrees, and at a kink slope_below
    and slope_above, those of the loss on its two sides, where else they are
    null; then relative_error_central is null).
    """
    from vgdesk.study.verify import verify as verify_study

    verification = verify_study(chosen_experiment(network))
    if json:
        rows = [{name: getattr(row, name) for name in row.__struct_fields__} for row in verification.rows]
        say_json({**{name: getattr(verification, name) for name in _VERIFIED}, "rows": rows})
    else:
        for row in verification.rows:
            say(_check_line(row))
        say(verification.sentence)
    if not verification.passed:
        raise typer.Exit(1)


def _check_line(row: CheckRow) -> str:
    mark = " " if row.agrees else "!"
    return (
        f"{row.name:>5} {mark} symbolic {row.symbolic:< 24.17g} back-propagated {row.backpropagated:< 24.17g} "
        f"central difference {row.central_difference:< 24.17g} "
        f"{_relative_errors(row)}"
    )


def _relative_errors(row: CheckRow) -> str:
    """Returns both errors in words; at a kink, where the second is of no use, the slopes of the loss on its sides."""
    if math.isnan(row.relative_error_backpropagated):
        return "nothing to compare"
    first = f"{row.relative_error_backpropagated:.1e}"
    if row.relative_error_central is not None:
        return f"relative errors {first} {row.relative_error_central:.1e}"
    return f"relative error {first}, at a kink: slope {row.slope_below:.6g} below, {row.slope_above:.6g} above"


def _program(experiment: Experiment, wrt: str, language: str, example: int, changes: dict[str, float]) -> str:
    from vgdesk.study.derivation_views import gradient_program
    from vgdesk.study.what_if import changed

    other, parameters, data = changed(experiment, changes, example)
    return gradient_program(other, wrt, language, example, parameters, data).removesuffix("\n")


def _refuse_idle(view: str, format: str, paths: int | None, unfold: list[str] | None) -> None:
    """Raises `SpecError` for an option that would change nothing here; programs are the same whatever the view."""
    require_choice("--view", view, VIEWS)
    if paths is not None and (view != "paths" or format in PROGRAMS):
        raise SpecError(f"--paths goes with --view paths, got --view {view} and --format {format}")
    if unfold and format in (*PROGRAMS, "json"):
        raise SpecError(f"--unfold goes with a format that is read by people, got --format {format}")


def _require_example(experiment: Experiment, example: int) -> None:
    count = task_shape(experiment.task)[0]
    if count is not None and not 1 <= example <= count:
        has = "1 example" if count == 1 else f"{count} examples, counted from 1"
        raise SpecError(f"example {example} does not exist: the task of {experiment.name} has {has}")
