"""`vgdesk derive` and `vgdesk verify`: the symbolic route in the terminal."""

from typing import Annotated, Any

import typer

from vgdesk.cli.options import chosen_experiment
from vgdesk.cli.output import say, say_json
from vgdesk.errors import SpecError
from vgdesk.present.formula.latex import to_latex
from vgdesk.present.formula.text import to_text
from vgdesk.present.sheet import equation_sheet, sheet_latex, sheet_text
from vgdesk.records.derivation import Derivation

NETWORK = Annotated[str, typer.Argument(help="A bundled example (see `vgdesk examples`) or a JSON file.")]
FORMATS = ("text", "latex", "json")


def derive(
    network: NETWORK,
    wrt: Annotated[str, typer.Option("--wrt", help="The weight or bias to differentiate by: w1, w2, ... b1, ...")],
    example: Annotated[int, typer.Option(help="Which example of the task, counting from 1.")] = 1,
    format: Annotated[str, typer.Option("--format", help="text, latex or json.")] = "text",
    json: Annotated[bool, typer.Option("--json", help="The same as --format json: one JSON object.")] = False,
) -> None:
    """Derive dL/dw of a small network step by step, symbols and numbers.

    The JSON object holds: experiment, wrt, value, log10_magnitude (true also
    where value is too small for a float), loss, factors (id, symbol, latex, closed_form, value) and steps
    (kind, title, lines with text and latex, note).
    """
    from vgdesk.study.derive import derive as derive_study

    if format not in FORMATS:
        raise SpecError(f"format must be one of {', '.join(FORMATS)}; got {format!r}")
    derivation = derive_study(chosen_experiment(network), wrt, example)
    if json or format == "json":
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


def derivation_object(derivation: Derivation) -> dict[str, Any]:
    """Returns the derivation as plain JSON values."""
    return {
        "experiment": derivation.experiment,
        "wrt": derivation.wrt,
        "value": derivation.value,
        "log10_magnitude": derivation.log10_magnitude,
        "loss": derivation.state.loss if derivation.state else None,
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
