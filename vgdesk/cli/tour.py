"""The main job in the terminal, for where no window can open: derive, train, show, export."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import msgspec

from vgdesk.cli.last_step import show_last_step
from vgdesk.cli.output import say, written_words
from vgdesk.cli.training import run_training
from vgdesk.errors import ExportError
from vgdesk.present.sheet import equation_sheet, sheet_text
from vgdesk.records.derivation import Derivation
from vgdesk.records.history import GradientHistory
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.library import example

STEPS = 300
FOLDER = "vgdesk-output"


def run_tour(reason: str) -> None:
    """Prints why no window opened, the insurance derivation, a short training, and where the exported files are."""
    from vgdesk.study.derive import derive

    say(reason)
    say("Here is the same in the terminal (`vgdesk --help` lists all commands).")
    derivation = derive(example("insurance"), "w1")
    say()
    say(sheet_text(equation_sheet(derivation), details=False).rstrip())
    deep = example("digits-sigmoid-20")
    deep = msgspec.structs.replace(deep, training=msgspec.structs.replace(deep.training, steps=STEPS))
    history = run_training(deep)
    say()
    show_last_step(deep, history)
    say()
    _export(derivation, deep, history)


def _export(derivation: Derivation, experiment: Experiment, history: GradientHistory) -> None:
    folder = Path(FOLDER)
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        say(f"No files were exported: the folder {FOLDER!r} cannot be made here: {reason}.")
        return
    for path, write in _writers(folder, derivation, experiment, history):
        try:
            write(path)
            say(written_words(path))
        except (OSError, ExportError) as error:
            say(f"{str(error).removesuffix('.')}.")


def _writers(
    folder: Path, derivation: Derivation, experiment: Experiment, history: GradientHistory
) -> list[tuple[Path, Callable[[Path], None]]]:
    """Returns the files and what writes each of them."""
    from vgdesk.export.derivation import export_derivation
    from vgdesk.export.figure import export_heatmap, export_profile
    from vgdesk.present.heatmap import heatmap_scene
    from vgdesk.present.profile import profile_scene

    sheet, last = equation_sheet(derivation), history.profile()
    profile = profile_scene(last, experiment.title, f"step {last.step}")
    heatmap = heatmap_scene(history, experiment.title)
    return [
        (folder / "insurance-w1.tex", partial(export_derivation, sheet)),
        (folder / "insurance-w1.svg", partial(export_derivation, sheet)),
        (folder / f"{experiment.name}-profile.svg", partial(export_profile, profile)),
        (folder / f"{experiment.name}-profile.csv", partial(export_profile, profile)),
        (folder / f"{experiment.name}-heatmap.png", partial(export_heatmap, heatmap)),
    ]
