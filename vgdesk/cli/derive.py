"""`vgdesk derive` and `vgdesk verify`: the symbolic route in the terminal."""

from typing import Annotated, Any

import typer

from vgdesk.cli.options import chosen_experiment, integer
from vgdesk.cli.output import say, say_json
from vgdesk.errors import SpecError
from vgdesk.present.formula.latex import to_latex
from vgdesk.present.formula.text import to_text
from vgdesk.present.sheet import equation_sheet, sheet_latex, sheet_text
from vgdesk.records.derivation import Derivation
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.task import task_shape

NETWORK = Annotated[str, typer.Argument(help="A bundled example (see `vgdesk examples`) or a JSON file.")]
WRT = (
    "What to differentiate by. Weights w1, w2, ... and biases b1, b2, ... are numbered through the network; "
    "gamma2_1, beta2_1 scale and shift the normalisation of unit 1 in layer 2, slope2 is layer 2's PReLU, "
    "gate_W2_1_3 and gate_b2_1 belong to its highway gate. In a recurrent network w1, ... are W_ih, u1, ... W_hh, "
    "v1, ... W_out, row by row; b1, ... are b, then b_out; bn1, ... are b_hn."
)
FORMATS = ("text", "latex", "json")


def derive(
    network: NETWORK,
    wrt: Annotated[str, typer.Option("--wrt", help=WRT)],
    example: Annotated[
        int,
        typer.Option(
            help="Which example of the task, counting from 1.", parser=integer("--example"), metavar="INTEGER"
        ),
    ] = 1,
    format: Annotated[str | None, typer.Option("--format", help="text (the default), latex or json.")] = None,
    json: Annotated[bool, typer.Option("--json", help="The same as --format json: one JSON object.")] = False,
) -> None:
    """Derive dL/dw of a small network step by step, symbols and numbers.

    The JSON object holds: experiment, wrt, value, log10_magnitude (true also
    where value is too small for a float), loss, factors (id, symbol, latex,
    closed_form, value), contributions (factors, layer or time step, value: the
    terms of the sum where several places share the parameter) and steps
    (kind, title, lines with text and latex, note).
    """
    from vgdesk.study.derive import derive as derive_study

    format = _chosen_format(format, json)
    experiment = chosen_experiment(network)
    _require_example(experiment, example)
    derivation = derive_study(experiment, wrt, example)
    if format == "json":
        say_json(derivation_object(derivation))
    elif format == "latex":
        say(sheet_latex(equation_sheet(derivation)))
    else:
        say(sheet_text(equation_sheet(derivation)))


def verify(
    network: NETWORK, json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead.")] = False
) -> None:
    """Check every gradient three ways: symbolic, back-propagated, central difference. Exit status 1 on disagreement."""
    from vgdesk.study.verify import verify as verify_study

    verification = verify_study(chosen_experiment(network))
    if json:
        rows = [{name: getattr(row, name) for name in row.__struct_fields__} for row in verification.rows]
        say_json({"experiment": verification.experiment, "passed": verification.passed, "rows": rows})
    else:
        for row in verification.rows:
            say(
                f"{row.name:>5}  symbolic {row.symbolic:< 24.17g} back-propagated {row.backpropagated:< 24.17g} "
                f"central difference {row.central_difference:< .17g}"
            )
        say(verification.sentence)
    if not verification.passed:
        raise typer.Exit(1)


def _chosen_format(format: str | None, json: bool) -> str:
    if format is not None and format not in FORMATS:
        raise SpecError(f"format must be one of {', '.join(FORMATS)}; got {format!r}")
    if json and format not in (None, "json"):
        raise SpecError(f"--json contradicts --format {format}; give one of them")
    return "json" if json else format or "text"


def _require_example(experiment: Experiment, example: int) -> None:
    count = task_shape(experiment.task)[0]
    if count is not None and not 1 <= example <= count:
        has = "1 example" if count == 1 else f"{count} examples, counted from 1"
        raise SpecError(f"example {example} does not exist: the task of {experiment.name} has {has}")


def derivation_object(derivation: Derivation) -> dict[str, Any]:
    """Returns the derivation as plain JSON values."""
    return {
        "experiment": derivation.experiment,
        "wrt": derivation.wrt,
        "value": derivation.value,
        "log10_magnitude": derivation.log10_magnitude,
        "loss": derivation.loss,
        "factors": [
            {
                "id": factor.id,
                "symbol": to_text(factor.meaning),
                "latex": to_latex(factor.meaning),
                "closed_form": to_latex(factor.closed_form),
                "value": factor.value,
            }
            for factor in derivation.factors
        ],
        "contributions": [
            {"factors": list(term.factors), "layer": term.place.layer, "value": term.value}
            for term in derivation.contributions
        ],
        "steps": [
            {
                "kind": str(step.kind),
                "title": step.title,
                "lines": [{"text": to_text(line), "latex": to_latex(line)} for line in step.lines],
                "note": step.note,
            }
            for step in derivation.steps
        ],
    }
