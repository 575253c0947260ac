"""Every action of the window, declared once: menus, toolbar, rail, palette and the shortcuts page come from this table.

An action that cannot work in the present situation is greyed by its `enabled` rule; only what works is listed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vgdesk.ui.commands import files, help, views
from vgdesk.ui.state.runs import LIVE, RunState

if TYPE_CHECKING:
    from vgdesk.ui.equations.sheet_view import CopyKind
    from vgdesk.ui.window import Window

MENUS = ("&File", "&Edit", "&View", "&Network", "&Derivation", "&Training", "T&ools", "&Help")


@dataclass(frozen=True)
class Situation:
    """Is what the enabled rules look at."""

    run: RunState
    workspace: str
    is_maximised: bool
    is_pinned: bool
    is_dark: bool
    has_message: bool
    has_sheet: bool
    has_rows: bool
    has_settings: bool


def situation_of(window: Window) -> Situation:
    """Returns the situation a window is in."""
    desk = window.desk
    return Situation(
        run=desk.runs.state,
        workspace=window.stage.workspace,
        is_maximised=bool(window.stage.maximised),
        is_pinned=desk.selection.pinned is not None,
        is_dark=desk.themes.current.name == "dark",
        has_message=bool(desk.messages.sentence),
        has_sheet=window.cards["derivation"].scene is not None,
        has_rows=desk.runs.steps > 0,
        has_settings=window.side.is_open,
    )


def always(_: Situation) -> bool:
    """Is the rule of actions that always work."""
    return True


@dataclass(frozen=True)
class Action:
    """Is one action.

    Attributes
    ----------
    text
        Words of the menu entry with its mnemonic (&).
    short
        Words on a button; "" for the same as `text`.
    keys
        Shortcut as Qt writes it. One without Ctrl, Alt or F-number is given up while a control that needs the key has
        the keyboard.
    help
        Tooltip: what it does, in one line.
    more
        What's this: what it is good for.
    checked
        Rule for the mark of a two-state action; None for the others.
    """

    id: str
    menu: str
    text: str
    run: Callable[[Window], object]
    help: str
    more: str
    keys: str = ""
    icon: str = ""
    short: str = ""
    enabled: Callable[[Situation], bool] = always
    checked: Callable[[Situation], bool] | None = None

    @property
    def words(self) -> str:
        """The text without mnemonic and dots."""
        return self.text.replace("&", "").removesuffix("…")


def _copy(kind: CopyKind) -> Callable[[Window], object]:
    return lambda window: window.copy_derivation(kind)


def _workspace(name: str) -> Callable[[Window], object]:
    return lambda window: window.stage.show_workspace(name)


_FILE = (
    Action(
        "new_from_example", "&File", "&New from example…", files.new_from_example, "Open one of the bundled networks",
        "Lists the bundled networks. A small one is derived and trained; a large one is trained.", "Ctrl+Shift+N",
        "new",
    ),
    Action(
        "open", "&File", "&Open experiment…", files.open_experiment, "Open an experiment from a JSON file",
        "Reads network, task, initialisation and training from a file that vgdesk or you have written.", "Ctrl+O",
        "folder",
    ),
    Action(
        "import_table", "&File", "&Import CSV…", files.import_table, "Train on columns of your own table",
        "Reads a CSV file: you choose inputs, target and hidden layers. A share of the rows is held out.",
        "Ctrl+Shift+I", "table",
    ),
    Action(
        "save", "&File", "&Save experiment as…", files.save_experiment, "Save the trained experiment as a JSON file",
        "Writes everything that is needed to repeat the training bit for bit.", "Ctrl+Shift+S", "save",
    ),
    Action(
        "export_figure", "&File", "Export &figure…", files.export_figure, "Export the plot as PNG, SVG, PDF or CSV",
        "Exports the heat map or the loss where one of them has the keyboard, else the gradient per layer.",
        "Ctrl+Shift+E", "export", enabled=lambda now: now.has_rows or now.has_sheet,
    ),
    Action(
        "export_equations", "&File", "Export &equations…", files.export_equations,
        "Export the derivation as LaTeX, SVG, PNG or text",
        "Writes the steps on show to a file.", "Ctrl+Alt+E", "math", enabled=lambda now: now.has_sheet,
    ),
    Action(
        "quit", "&File", "&Quit", lambda window: window.close(), "Close the window", "Ends training and closes.",
        "Ctrl+Q",
    ),
)  # fmt: skip

_EDIT = (
    Action(
        "copy_latex", "&Edit", "Copy as &LaTeX", _copy("latex"), "Copy the derivation as LaTeX",
        "Puts the steps on show on the clipboard, to be pasted into a paper.", "Ctrl+Shift+C", "copy",
        enabled=lambda now: now.has_sheet,
    ),
    Action(
        "copy_svg", "&Edit", "Copy as &SVG", _copy("svg"), "Copy the derivation as a drawing",
        "Puts the typeset steps on the clipboard as vectors.", "Ctrl+Alt+C", "copy", enabled=lambda now: now.has_sheet,
    ),
    Action(
        "copy_image", "&Edit", "Copy as &image", _copy("image"), "Copy the derivation as a picture",
        "Puts the typeset steps on the clipboard as pixels, for slides.", "", "image",
        enabled=lambda now: now.has_sheet,
    ),
    Action(
        "copy_text", "&Edit", "Copy as &text", _copy("text"), "Copy the derivation as plain text",
        "Puts the steps on the clipboard as readable text without markup.", "", "copy",
        enabled=lambda now: now.has_sheet,
    ),
)  # fmt: skip

_VIEW = (
    Action(
        "workspace_derive", "&View", "&Derive", _workspace("derive"), "Workspace: derivation beside the network",
        "Shows the network and the derivation above, and the measured gradients below.", "Ctrl+1", "derive", "Derive",
        checked=lambda now: now.workspace == "derive",
    ),
    Action(
        "workspace_train", "&View", "&Train", _workspace("train"), "Workspace: training with a large gradient plot",
        "Gives most of the room to the gradient per layer, the heat map and the loss.", "Ctrl+2", "train", "Train",
        checked=lambda now: now.workspace == "train",
    ),
    Action(
        "maximise", "&View", "&Maximise panel", lambda window: window.stage.toggle_maximised(),
        "Give the whole room to one panel, or give it back",
        "Enlarges the panel that has the keyboard; the same keys bring the others back.", "Ctrl+Shift+M", "maximise",
        checked=lambda now: now.is_maximised,
    ),
    Action(
        "next_panel", "&View", "&Next panel",
        lambda window: window.stage.focus_next(1), "Move the keyboard to the next panel",
        "Walks through the visible panels.", "F6",
    ),
    Action(
        "previous_panel", "&View", "&Previous panel", lambda window: window.stage.focus_next(-1),
        "Move the keyboard to the previous panel", "Walks through the visible panels, backwards.", "Shift+F6",
    ),
    Action(
        "theme", "&View", "D&ark theme", views.switch_theme, "Switch between light and dark",
        "The choice is remembered.", "Ctrl+Shift+T", "moon", checked=lambda now: now.is_dark,
    ),
    Action(
        "full_screen", "&View", "&Full screen", views.switch_full_screen, "Fill the screen, or give it back",
        "Hides the frame of the window.", "F11", "fit",
    ),
    Action(
        "reset_layout", "&View", "&Reset layout", lambda window: window.stage.reset(), "Put all panel borders back",
        "Forgets the borders you moved, in all workspaces.", "Ctrl+Alt+0", "layout",
    ),
)  # fmt: skip

_NETWORK = (
    Action(
        "choose_network", "&Network", "&Choose network…", views.choose_network, "Choose the network that is trained",
        "Opens the list in the toolbar.", "Ctrl+Shift+L", "network",
    ),
    Action(
        "new_seed", "&Network", "New &seed", views.new_seed, "Draw the weights anew",
        "Takes the next seed; the same seed always gives the same weights and the same order of examples.", "Ctrl+R",
        "dice",
    ),
    Action(
        "verify", "&Network", "&Verify numbers", lambda window: window.desk.formulas.verify(),
        "Compare the gradients of three routes",
        "Compares symbolic, back-propagated and finite-difference gradients of every weight of the small network.",
        "Ctrl+Shift+V", "check",
    ),
)  # fmt: skip

_DERIVATION = (
    Action(
        "choose_weight", "&Derivation", "Choose &weight…", views.choose_weight, "Choose the weight to derive by",
        "Opens the list of all weights and biases of the small network.", "Ctrl+G", "function",
    ),
    Action(
        "release", "&Derivation", "&Release", views.release, "Let go of what is pinned, or dismiss the message",
        "Panels that turned to the pinned network turn back.", "Esc", "x", "Back",
        enabled=lambda now: now.is_pinned or now.has_message,
    ),
)  # fmt: skip

_TRAINING = (
    Action(
        "train", "&Training", "&Train", lambda window: window.desk.runs.train(), "Train the network",
        "Starts from the beginning, or goes on where the run was paused.", "F5", "play", "Train",
        enabled=lambda now: now.run not in (RunState.STARTING, RunState.RUNNING),
    ),
    Action(
        "pause", "&Training", "&Pause or resume",
        lambda window: window.desk.runs.toggle(), "Pause or resume the training",
        "Rests between two steps; nothing is lost.", "Space", "pause", "Pause", enabled=lambda now: now.run in LIVE,
    ),
    Action(
        "step", "&Training", "Make one &step",
        lambda window: window.desk.runs.step(), "Make one training step and rest",
        "Shows the gradients of every single update.", "F10", "step", "Step",
    ),
    Action(
        "stop", "&Training", "St&op", lambda window: window.desk.runs.stop(), "End the training",
        "What was recorded stays on show.", "Shift+F5", "stop", enabled=lambda now: now.run in LIVE,
    ),
    Action(
        "restart", "&Training", "&Restart", lambda window: window.desk.runs.restart(), "Train again from the beginning",
        "Draws the same weights and makes the same steps.", "Ctrl+F5", "refresh",
    ),
    Action(
        "reset", "&Training", "R&eset",
        lambda window: window.desk.runs.restart(paused=True), "Go back to step 0 and rest",
        "Shows the gradients of the untrained network.", "Ctrl+Shift+F5", "reset", "Reset",
    ),
    Action(
        "slower", "&Training", "S&lower", lambda window: window.desk.runs.faster(-4), "Train more slowly",
        "Moves the speed down its scale, to one step per second at least.", "[",
    ),
    Action(
        "faster", "&Training", "&Faster", lambda window: window.desk.runs.faster(4), "Train faster",
        "Moves the speed up its scale, at last to as fast as the machine can.", "]", "speed",
    ),
    Action(
        "settings", "&Training", "Settin&gs", views.turn_settings, "Show or hide all training settings",
        "Optimiser, schedule, clipping, batch size, pre-training and what is recorded, beside the panels.", "Ctrl+T",
        "settings", checked=lambda now: now.has_settings,
    ),
)  # fmt: skip

_TOOLS = (
    Action(
        "palette", "T&ools", "&Commands…", help.open_palette, "Find any command by typing",
        "Type a few letters of what you want to do.", "Ctrl+Shift+P", "command", "Commands",
    ),
)  # fmt: skip

_HELP = (
    Action(
        "shortcuts", "&Help", "&Keyboard shortcuts", help.show_shortcuts, "List all keyboard shortcuts",
        "Everything in vgdesk works without a mouse.", "Ctrl+Alt+/", "keyboard",
    ),
    Action(
        "system_information", "&Help", "&System information", help.show_system_information,
        "Show versions, for a report", "Text that you can copy; nothing is sent anywhere.", "", "info",
    ),
    Action(
        "about", "&Help", "&About vgdesk", help.show_about, "Say what vgdesk is", "Version and licence.", "", "help",
    ),
)  # fmt: skip

ACTIONS = _FILE + _EDIT + _VIEW + _NETWORK + _DERIVATION + _TRAINING + _TOOLS + _HELP
