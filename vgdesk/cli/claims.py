"""`vgdesk claims`: what people say about gradients, put to the test."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from vgdesk.cli.arguments import JSON, WORKERS
from vgdesk.cli.options import check_output, integer, output_path
from vgdesk.cli.output import console, progress_console, say, say_json, say_written
from vgdesk.errors import SpecError
from vgdesk.export.files import write_file
from vgdesk.export.standing import EXPERIMENT
from vgdesk.records.claim import Claim, ClaimOutcome, Measured, claim, verdict_words
from vgdesk.records.claim import claims as all_claims
from vgdesk.spec.experiment import experiment_to_json

_WIDEST_TABLE = 150


def claims(
    numbers: Annotated[
        list[str] | None, typer.Argument(help="Which claims, e.g. 7 12; without any they are listed.", metavar="NUMBER")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Test all of them.")] = False,
    seeds: Annotated[
        int, typer.Option(help="Numbers are medians over so many seeds.", parser=integer("--seeds"), metavar="INTEGER")
    ] = 3,
    workers: WORKERS = None,
    experiment: Annotated[
        Path | None,
        typer.Option(
            help="Write the experiment of one claim to this JSON file, in place of testing it.",
            parser=output_path,
            metavar="FILE",
        ),
    ] = None,
    arm: Annotated[
        str | None,
        typer.Option(help="With --experiment: which of the claim's experiments (the first one).", metavar="NAME"),
    ] = None,
    json: JSON = False,
) -> None:
    """Put popular claims about gradients to the test: statement, what was measured, verdict.

    A claim names cases and what each would measure if it were true. All cases hold: right. None holds: wrong. Some
    hold: only if ..., or imprecise.

    Each claim has experiments of its own, its arms, which --experiment writes to a file.

    The JSON object holds: seeds, claims (number, statement, prediction, test, sources, arms: name, words, and where it
    was tested verdict, condition, sentence, seconds, seeds, measured: name, words, value, least, most, scale (log10,
    share, number), at_least, at_most, holds). A claim that is only listed has mixed, its verdict where some cases hold,
    and condition: under which, or null; without numbers there are no seeds.
    """
    if everything and numbers:
        raise SpecError("--all tests all claims; name numbers or --all, not both")
    if experiment is not None or arm is not None:
        _write_experiment([] if everything else numbers or [], experiment, arm, json)
        return
    asked = [found.number for found in all_claims()] if everything else [_number(text) for text in numbers or []]
    if not asked:
        _list(json)
        return
    outcomes = _run(asked, seeds, workers, quiet=json)
    if json:
        say_json({"seeds": seeds, "claims": [_plain(claim(found.number), found) for found in outcomes]})
    elif len(outcomes) > 1:
        _say_table(outcomes)
    else:
        _say_one(claim(outcomes[0].number), outcomes[0])


def _write_experiment(numbers: list[str], out: Path | None, arm: str | None, json: bool) -> None:
    """Writes the experiment of one arm of the one claim that is named."""
    if out is None:
        raise SpecError("--arm goes with --experiment FILE")
    if len(numbers) != 1:
        raise SpecError(f"--experiment writes an experiment of one claim; name one number, got {len(numbers)}")
    from vgdesk.study.claims.arms import claim_experiment

    check_output(out, (".json",), kind=EXPERIMENT)
    known = claim(_number(numbers[0]))
    arms = [found.name for found in known.arms]
    chosen = arm or arms[0]
    write_file(out, experiment_to_json(claim_experiment(known.number, chosen)).encode())
    others = f", arm {chosen}; the others are {', '.join(name for name in arms if name != chosen)}"
    say_written("experiment", out, json, others if len(arms) > 1 else "", arm=chosen)


def _number(text: str) -> int:
    return claim(integer("number of a claim")(text)).number


def _list(json: bool) -> None:
    if json:
        say_json({"claims": [msgspec.to_builtins(found) for found in all_claims()]})
        return
    for found in all_claims():
        say(f"{found.number:>2}  {found.statement}")


def _run(asked: Sequence[int], seeds: int, workers: int | None, quiet: bool) -> list[ClaimOutcome]:
    """Returns the outcomes in the order of the claims' numbers."""
    from vgdesk.study.claims.run import run_claims

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("claims"))
    running, outcomes = run_claims(asked, seeds, workers), []
    with Progress(*columns, console=progress_console, disable=quiet or not progress_console.is_terminal) as progress:
        task = progress.add_task("testing", total=len(set(asked)))
        try:
            for outcome in running:
                outcomes.append(outcome)
                progress.advance(task)
        finally:
            running.close()
    return sorted(outcomes, key=lambda found: found.number)


def _say_table(outcomes: Sequence[ClaimOutcome]) -> None:
    """Writes a claim's statement, its cases and its verdict; rows wrap to the terminal, between words."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, show_lines=True, width=min(console.width, _WIDEST_TABLE))
    table.add_column("", no_wrap=True, min_width=2)
    told = [claim(outcome.number).statement for outcome in outcomes], [_verdict(outcome) for outcome in outcomes]
    longest = [max(len(word) for text in texts for word in text.split()) for texts in told]
    for head, ratio, least in (("statement", 12, longest[0]), ("measured", 22, None), ("verdict", 10, longest[1])):
        table.add_column(head, ratio=ratio, overflow="fold", width=least)  # beside a ratio a width is the least one
    for outcome in outcomes:
        known = claim(outcome.number)
        cases = "\n".join(_case(found) for found in outcome.measured if found.holds is not None)
        cells = (str(outcome.number), known.statement, cases, _verdict(outcome))
        table.add_row(*(Text(cell) for cell in cells))
    console.print(table)
    say("Measured: + as claimed, - not as claimed.")


def _verdict(outcome: ClaimOutcome) -> str:
    return verdict_words(claim(outcome.number), outcome.verdict)


def _say_one(known: Claim, outcome: ClaimOutcome) -> None:
    say(f"{known.number}. {known.statement}")
    say(f"Expected: {known.prediction}")
    say(f"Test:     {known.test}")
    for found in outcome.measured:
        say(f"  {_case(found)}")
    say(f"Verdict:  {verdict_words(known, outcome.verdict)}")
    for number, arm in enumerate(known.arms):
        say(f"{'Arms:' if number == 0 else '':<9} {arm.name}: {arm.words}")
    say(f"Sources:  {'; '.join(known.sources)}")


def _case(found: Measured) -> str:
    if found.holds is None:
        return f"  {found.words}: {found.text}"
    return f"{'+' if found.holds else '-'} {found.words}: {found.text} (claimed: {found.wanted})"


def _plain(known: Claim, outcome: ClaimOutcome) -> dict[str, Any]:
    told = {key: value for key, value in msgspec.to_builtins(known).items() if key not in ("mixed", "condition")}
    measured = [{**msgspec.structs.asdict(found), "holds": found.holds} for found in outcome.measured]
    mixed = verdict_words(known, outcome.verdict) != str(outcome.verdict)
    return {
        **told,
        "verdict": str(outcome.verdict),
        "condition": known.condition if mixed else None,
        "sentence": outcome.sentence,
        "seconds": outcome.seconds,
        "seeds": outcome.seeds,
        "measured": measured,
    }
