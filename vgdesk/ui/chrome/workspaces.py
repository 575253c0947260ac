"""The workspaces: known good arrangements of the panels, declared as trees of splits and tabs.

Each has a wide form and one for windows below `NARROW` pixels, where the derivation becomes a tab; below `TIGHT` plots
that stood side by side become tabs, too, because three of them would have room for half their titles.
"""

from dataclasses import dataclass

NARROW = 1200
TIGHT = 840

BESIDE_NUMBERS = 960


@dataclass(frozen=True)
class Split:
    """Divides the room among children in the proportions `shares`; the person may move the borders."""

    children: "tuple[Tree, ...]"
    shares: tuple[int, ...]
    vertical: bool = False


@dataclass(frozen=True)
class Tabs:
    """Shows one of its panels at a time."""

    panels: tuple[str, ...]


Tree = Split | Tabs | str
"""A string names a panel."""


@dataclass(frozen=True)
class Workspace:
    """Is one entry of the rail."""

    name: str
    wide: Tree
    narrow: Tree
    tight: Tree | None = None
    """For stages below `TIGHT` pixels, as beside a side panel in a small window; None where `narrow` does."""


_CURVES = Tabs(("loss", "lag"))
_PLOTS = Split(("profile", "heatmap", _CURVES), (36, 36, 28))
_ANSWERS = Split(("planner", "derivation"), (38, 62), vertical=True)
_EVIDENCE = Tabs(("profile", "heatmap", "loss", "lag", "saturation"))
_CURES = Split(("race", "remedies"), (64, 36), vertical=True)

_STARTS = ("phase", "spectrum", "circle")

_COMPARED = ("compared_profiles", "compared_losses", "compared_maps")
_HISTORY = Split(("heatmap", _CURVES), (58, 42))

WORKSPACES = {
    "derive": Workspace(
        "Derive",
        wide=Split((Split(("network", "derivation"), (56, 44)), _PLOTS), (57, 43), vertical=True),
        narrow=Split((Tabs(("network", "derivation")), _PLOTS), (57, 43), vertical=True),
        tight=Split((Tabs(("network", "derivation")), _EVIDENCE), (50, 50), vertical=True),
    ),
    "train": Workspace(
        "Train",
        wide=Split((Split(("profile", _HISTORY), (58, 42), vertical=True), "derivation"), (68, 32)),
        narrow=Split((Tabs(("profile", "derivation")), _HISTORY), (56, 44), vertical=True),
    ),
    "theory": Workspace(
        "Theory",
        wide=Split((Split((Tabs(_STARTS), "profile"), (54, 46), vertical=True), _ANSWERS), (62, 38)),
        narrow=Split((Tabs((*_STARTS, "planner", "derivation")), "profile"), (56, 44), vertical=True),
    ),
    "compare": Workspace(
        "Compare",
        wide=Split((Split(_COMPARED[:2], (56, 44)), "compared_maps", "compared_runs"), (43, 32, 25), vertical=True),
        narrow=Split((Tabs(_COMPARED), "compared_runs"), (66, 34), vertical=True),
    ),
    "diagnose": Workspace(
        "Diagnose",
        wide=Split((Split(("verdict", _EVIDENCE), (54, 46), vertical=True), _CURES), (36, 64)),
        narrow=Split((Split(("verdict", _EVIDENCE), (57, 43), vertical=True), Tabs(("race", "remedies"))), (46, 54)),
    ),
    "claims": Workspace("Claims", wide="claims", narrow="claims"),
    "maps": Workspace(
        "Maps",
        wide=Split(("map", Split(("formats", "profile"), (60, 40), vertical=True)), (56, 44)),
        narrow=Split((Tabs(("map", "formats")), "profile"), (64, 36), vertical=True),
    ),
}


def panels_of(tree: Tree) -> list[str]:
    """Returns the names of the panels in a tree, in order."""
    match tree:
        case Split():
            return [panel for child in tree.children for panel in panels_of(child)]
        case Tabs():
            return list(tree.panels)
        case _:
            return [tree]


def _panels(tree: Tree) -> tuple[str, ...]:
    match tree:
        case Split():
            return tuple(panel for child in tree.children for panel in _panels(child))
        case Tabs():
            return tree.panels
        case _:
            return (tree,)


PANELS = frozenset(panel for workspace in WORKSPACES.values() for panel in _panels(workspace.wide))
"""Every panel that some workspace shows."""
