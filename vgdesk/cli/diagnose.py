"""`vgdesk diagnose`: the verdict on a recorded run, or on an experiment after a short training."""

from collections.abc import Sequence
from typing import Annotated, Any

import msgspec
import typer

from vgdesk.cli.arguments import JSON, WORKERS
from vgdesk.cli.options import found_experiment, integer, is_run_file, recorded_run
from vgdesk.cli.output import progress_console, say, say_json
from vgdesk.errors import SpecError
from vgdesk.records.finding import Confidence, Diagnosis, Finding, Severity
from vgdesk.records.spelling import magnitude_text


def diagnose(
    source: Annotated[
        str,
        typer.Argument(help="A bundled example (see `vgdesk examples`), a JSON file, or a run from `train --out`."),
    ],
    seeds: Annotated[
        int, typer.Option(help="Train so many seeds and count verdicts.", parser=integer("--seeds"), metavar="INTEGER")
    ] = 1,
    steps: Annotated[
        int | None,
        typer.Option(help="Train so many steps (its own, up to 200).", parser=integer("--steps"), metavar="INTEGER"),
    ] = None,
    workers: WORKERS = None,
    json: JSON = False,
) -> None:
    """Tell whether gradients vanish or explode, whether the network learns, and by which signs.

    The verdict rests on gamma^L: what is left of a gradient after all layers, or time steps; no scale of the loss
    changes it. Of layers it goes down to the network's input, whose gradient is measured at some of the steps; older
    runs do not have it, and layer 1 is then taken to be like the rest. Of two layers it is the one factor between them.
    Of an LSTM it is told from |dL/dc| where the experiment records that (`--record cell`), else from |dL/dh|.
    An experiment is trained with its own recording, so `vgdesk train --out` and the window tell the same numbers of it.
    Learning is a label of its own: Adam can train a network whose gradient vanishes. It goes by means of the loss over
    quarters of the run: has learned, learns, learns slowly, stagnates, relapses (learned, then climbed), only guesses
    (a loss that came down no further than that of answers which never look at the input), diverges, too early to say.

    The JSON object holds: experiment, verdict (healthy, vanishing, exploding, dead, unstable, undetermined), learning,
    log10_gamma (per layer or time step; a running mean over the recorded steps, in which the latest five or so count
    most, where `vgdesk train` tells that of its last step alone), log10_gain (gamma^L), places, count (L), step (the
    last recorded one), sentence, basis (what gamma was taken from),
    findings (sign, severity, sentence, places, steps, evidence, sources, is_borrowed), confidence (seeds, verdicts,
    log10_gains) or null.
    """
    found = _of_run(source, seeds, steps, workers) if is_run_file(source) else _of(source, seeds, steps, workers)
    if json:
        say_json(msgspec.to_builtins(found))
    else:
        _say(found)


def _of(source: str, seeds: int, steps: int | None, workers: int | None) -> Diagnosis:
    from vgdesk.study.diagnose import diagnose_experiment

    experiment = found_experiment(source)
    with progress_console.status(f"training {experiment.name}"):
        return diagnose_experiment(experiment, steps, seeds, workers)


def _of_run(source: str, seeds: int, steps: int | None, workers: int | None) -> Diagnosis:
    from vgdesk.diagnosis.diagnose import diagnose as diagnose_run
    from vgdesk.study.diagnose import diagnose_experiment

    if seeds == 1 and (steps is not None or workers is not None):
        option = "--steps" if steps is not None else "--workers"
        raise SpecError(f"{option} goes with an experiment, or with --seeds; {source} is a run that is over")
    experiment, history = recorded_run(source)
    found = diagnose_run(history, experiment)
    if seeds == 1:
        return found
    with progress_console.status(f"training {experiment.name} with {seeds} seeds"):
        others = diagnose_experiment(experiment, steps, seeds, workers)
    return msgspec.structs.replace(found, confidence=others.confidence)


def _say(found: Diagnosis) -> None:
    say(f"{found.experiment}, step {found.step}")
    say(found.sentence)
    if found.confidence is not None:
        say(_confidence_words(found.confidence, found))
    say()
    told = [finding for finding in found.findings if finding.severity is not Severity.NOT_RECORDED]
    width = max((len(finding.severity) for finding in told), default=0)
    for finding in told:
        say(f"  {finding.severity:<{width}}  {finding.sentence}")
    _say_missing([finding for finding in found.findings if finding.severity is Severity.NOT_RECORDED])
    say()
    say(f"{found.basis[0].upper()}{found.basis[1:]}.")


def _say_missing(findings: Sequence[Finding]) -> None:
    """Prints which signs there is nothing to tell of yet, and what a run has to record for the others."""
    from vgdesk.diagnosis.labels import ENOUGH_ROWS
    from vgdesk.diagnosis.signs_of_units import NEEDS

    unseen = [finding.sign for finding in findings if finding.is_unseen]
    if early := [finding.sign for finding in findings if not finding.is_unseen]:
        say(f"  too early to say: {_words(early)} (from {ENOUGH_ROWS} recorded steps on)")
    if unseen:
        say(f"  not recorded: {_words(unseen)}")
    if needed := dict.fromkeys(name for sign in unseen for name in NEEDS.get(sign, ())):
        say(f"  `vgdesk train` records what they need with --record {','.join(needed)}")


def _words(signs: Sequence[str]) -> str:
    return ", ".join(sign.replace("-", " ") for sign in signs)


def _confidence_words(confidence: Confidence, found: Diagnosis) -> str:
    agreeing = confidence.verdicts.count(found.verdict)
    gains: list[Any] = sorted(gain for gain in confidence.log10_gains if gain == gain)
    span = f"; what is left lies between {magnitude_text(gains[0])} and {magnitude_text(gains[-1])}" if gains else ""
    return f"The verdict is the same with {agreeing} of {len(confidence.seeds)} seeds{span}."
