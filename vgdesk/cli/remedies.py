"""`vgdesk remedies`: what could be done about an experiment's gradient, and the experiment with it."""

from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from vgdesk.cli.arguments import EXPERIMENT_NAME, JSON
from vgdesk.cli.options import check_output, found_experiment, output_path
from vgdesk.cli.output import say, say_json, say_written
from vgdesk.errors import SpecError
from vgdesk.export.files import write_file
from vgdesk.export.standing import EXPERIMENT
from vgdesk.records.remedy import Offer
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.files import experiment_text


def remedies(
    experiment: EXPERIMENT_NAME,
    apply: Annotated[
        str | None, typer.Option(help="Apply this remedy, or several as a+b, and print the experiment.", metavar="NAME")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="With --apply: write it to this .json file instead.", parser=output_path, metavar="FILE"),
    ] = None,
    json: JSON = False,
) -> None:
    """List the remedies for a gradient: what each would change here, and its honest word.

    The JSON object holds: experiment, remedies (name, title, acts_on, helps = whether it helps against vanishing, word,
    difference = what it changes, or null where it does not apply, reason = why it does not, or null). With --apply it
    holds: name, difference, and the changed experiment, or the file it was written to.
    """
    from vgdesk.diagnosis.remedies.catalogue import offer, offers

    chosen = found_experiment(experiment)
    if apply is not None:
        _apply(chosen, offer(chosen, apply), out, json, experiment)
    elif out is not None:
        raise SpecError("--out goes with --apply, which names the remedy")
    elif json:
        say_json({"experiment": chosen.name, "remedies": [_plain(found) for found in offers(chosen)]})
    else:
        _say(offers(chosen))


def _apply(before: Experiment, found: Offer, out: Path | None, json: bool, source: str) -> None:
    from vgdesk.diagnosis.remedies.titles import with_remedy_named

    if found.experiment is None:
        raise SpecError(found.reason)
    treated = with_remedy_named(before, found.experiment, found.title)
    if out is not None:
        check_output(out, (".json",), source, EXPERIMENT)
        write_file(out, experiment_text(treated, out.parent).encode())
    if json:
        place: dict[str, Any] = {"file": str(out)} if out is not None else {}
        shown = msgspec.to_builtins(treated) if out is None else None
        say_json({"name": found.name, "difference": found.difference, "experiment": shown, **place})
    elif out is None:
        say(experiment_text(treated, Path.cwd()).rstrip())
    else:
        say(found.difference)
        say_written("experiment", out, json)


def _plain(found: Offer) -> dict[str, Any]:
    return {
        "name": found.name,
        "title": found.title,
        "acts_on": found.acts_on,
        "helps": str(found.helps),
        "word": found.sentence,
        "difference": found.difference or None,
        "reason": found.reason or None,
    }


def _say(found: tuple[Offer, ...]) -> None:
    width = max(len(offer.name) for offer in found)
    for offer in found:
        if offer.experiment is not None:
            say(f"{offer.name:<{width}}  {offer.difference}")
            say(f"{'':<{width}}  {offer.sentence}")
    others = [offer for offer in found if offer.experiment is None]
    if others:
        say()
        say("These do not apply:")
    for offer in others:
        say(f"{offer.name:<{width}}  {offer.reason.removeprefix(f'{offer.name} does not apply: ')}")
