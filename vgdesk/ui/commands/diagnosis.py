"""What the Diagnose workspace asks for: the evidence of a finding, remedies, a race, its table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from vgdesk.records.place import Place, PlaceKind
from vgdesk.ui.commands.dialogs import ask_file_to_write
from vgdesk.ui.commands.files import guarded
from vgdesk.ui.state.selection import Reference

if TYPE_CHECKING:
    from vgdesk.records.finding import Finding
    from vgdesk.records.history import GradientHistory
    from vgdesk.ui.window import Window


def show_diagnosis(window: Window) -> None:
    """Turns to the Diagnose workspace."""
    window.stage.show_workspace("diagnose")


def try_remedies(window: Window) -> None:
    """Begins a race and shows it."""
    show_diagnosis(window)
    window.stage.show_panel("race")
    window.desk.races.begin()


def export_race(window: Window) -> None:
    """Lets a person write the race's table."""
    race = window.desk.races.race
    if race is None:
        return

    def write(path: Path) -> None:
        from vgdesk.export.files import write_file
        from vgdesk.export.race_table import race_table

        guarded(window, lambda: write_file(path, race_table(race)), "export", path)

    ask_file_to_write(window, "Export race", f"{race.experiment}-race", {"csv": "CSV table"}, write)


def show_evidence(window: Window, finding: Finding) -> None:
    """Shows what a finding rests on: its quantity, its first layer and its step, pinned in all plots."""
    evidence, history = finding.evidence, window.desk.runs.history
    if evidence is None or history.rows == 0:
        return
    if evidence.quantity and history.has(evidence.quantity):
        window.desk.quantity.choose(history, evidence.quantity)
    window.stage.show_panel(evidence.scene)
    reference = reference_to(finding, history)
    if window.desk.selection.pinned != reference:
        window.desk.selection.pin(reference)


def reference_to(finding: Finding, history: GradientHistory) -> Reference:
    """Returns what a finding points at in a run; a weight matrix of a recurrent network has no place among its bars."""
    from vgdesk.records.history import places_in

    quantity = finding.evidence.quantity if finding.evidence else ""
    has_place = finding.places and quantity and places_in(quantity, history.signals) is history.signals
    place = Place(PlaceKind.LAYER, finding.places[0]) if has_place else None
    step = finding.steps[0] if finding.steps else None
    return Reference(history.experiment, place, step=step)
