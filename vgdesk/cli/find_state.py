"""`vgdesk find-state`: numbers of a network that give chosen factors of a derivation chosen values."""

from pathlib import Path
from typing import Annotated, Any

import typer

from vgdesk.cli.arguments import EXAMPLE, EXPERIMENT_NAME, JSON
from vgdesk.cli.derive import WRT
from vgdesk.cli.options import check_output, found_experiment, names_in, output_path
from vgdesk.cli.output import say, say_json, say_written
from vgdesk.errors import SpecError
from vgdesk.export.files import write_file
from vgdesk.export.standing import EXPERIMENT
from vgdesk.present.formula import to_text
from vgdesk.present.found_state import change_lines, change_text, state_sentence
from vgdesk.records.found_state import FoundState, SearchOutcome
from vgdesk.spec.files import experiment_text
from vgdesk.spec.typed import named_number


def find_state(
    network: EXPERIMENT_NAME,
    wrt: Annotated[str, typer.Option("--wrt", help=WRT)],
    targets: Annotated[
        list[str],
        typer.Option(
            "--set",
            help="A factor as `vgdesk derive` prints it and its value, e.g. d1=0.03; repeat it for more.",
            metavar="FACTOR=VALUE",
        ),
    ],
    free: Annotated[
        str | None,
        typer.Option(
            help="What may change, with commas: weights (w9, u1), biases (b3), others (gamma2_1, gate_W2_1_3), inputs "
            "by name (age, else x1), or the words weights, biases, others, inputs; by default all of them.",
            metavar="NAMES",
        ),
    ] = None,
    example: EXAMPLE = 1,
    out: Annotated[
        Path | None,
        typer.Option(help="Write the experiment found to this .json file.", parser=output_path, metavar="FILE"),
    ] = None,
    json: JSON = False,
) -> None:
    """Find inputs, weights and biases that give factors of dL/dw chosen values. Exit status 1 when there are none.

    Text rounds numbers as `vgdesk derive` does; --json and --out hold all their digits.

    The JSON object holds: experiment (its name), wrt, outcome (found,
    impossible: the range of a factor excludes its target; not-found: no start
    led there), sentence, factors (id, meaning, before, target, value,
    low, high, is_low_open, is_high_open: its range) and changes (name, before,
    after).
    """
    from vgdesk.study.find_state import find_state as find_state_study

    wanted = dict(_target(word) for word in targets)
    if len(wanted) < len(targets):
        raise SpecError(f"--set must name each factor once, got {' '.join(targets)}")
    if out is not None:
        check_output(out, (".json",), network, EXPERIMENT)
    names = names_in("--free", free, "a number of the network")
    found = find_state_study(found_experiment(network), wrt, wanted, names, example)
    if json:
        say_json(state_object(found, network))
    else:
        say("\n".join(state_lines(found)))
    if found.experiment is not None and out is not None:
        write_file(out, experiment_text(found.experiment, out.parent).encode())
        if not json:
            say_written("experiment", out, json=False)
    if found.outcome is not SearchOutcome.FOUND:
        raise typer.Exit(1)


def state_lines(found: FoundState) -> list[str]:
    """Returns the answer as text: the factors, what changed, and the sentence."""
    lines = [
        f"{factor.id} = {to_text(factor.meaning)}: {change_text(factor.before, factor.value)}"
        for factor in found.wanted
        if found.outcome is SearchOutcome.FOUND
    ]
    return [*lines, *change_lines(found), state_sentence(found)]


def state_object(found: FoundState, network: str) -> dict[str, Any]:
    """Returns the answer as plain values."""
    factors = [
        {
            "id": factor.id,
            "meaning": to_text(factor.meaning),
            "before": factor.before,
            "target": factor.target,
            "value": factor.value,
            **{name: getattr(factor.interval, name) for name in factor.interval.__struct_fields__},
        }
        for factor in found.wanted
    ]
    changes = [{name: getattr(change, name) for name in change.__struct_fields__} for change in found.changes]
    return {
        "experiment": found.experiment.name if found.experiment is not None else network,
        "wrt": found.wrt,
        "outcome": found.outcome.value,
        "sentence": state_sentence(found),
        "factors": factors,
        "changes": changes,
    }


def _target(word: str) -> tuple[str, float]:
    name, separator, value = word.partition("=")
    if not (separator and name.strip()):
        raise SpecError(f"--set must be a factor and its value, e.g. d1=0.03, got {word[:80]!r}")
    return name.strip(), named_number(f"--set {name.strip()[:80]}", value)
