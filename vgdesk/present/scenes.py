"""The scenes: what a picture shows, as plain data, before anyone draws it.

Colours are named by meaning ("measured", "alert", "symbolic"), never by value; the window's theme and the file exporter
translate them. Exact zeros, NaN and infinities are marks of their own shape, never a bar.
"""

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from vgdesk.records.derivation import Place
from vgdesk.records.evaluation import Evaluations
from vgdesk.records.formula import Formula


class Tone(StrEnum):
    """What a colour means."""

    MEASURED = "measured"
    SYMBOLIC = "symbolic"
    THEORY = "theory"
    ALERT = "alert"
    HELD_OUT = "held-out"


class Mark(StrEnum):
    """How a value that has no place on a log axis is drawn: hollow ring, cross, arrow."""

    ZERO = "zero"
    NAN = "nan"
    INFINITE = "infinite"


@dataclass(frozen=True)
class Bar:
    """Is one layer's magnitude: `log10` is None where `mark` says why there is no number."""

    layer: int
    log10: float | None
    mark: Mark | None
    tone: Tone
    text: str
    """Full-precision value for hover and copy, e.g. "layer 3: 1.4412e-14"."""


@dataclass(frozen=True)
class ProfileScene:
    """Is the gradient per layer of one network at one step, on a log10 axis."""

    experiment: str
    title: str
    subtitle: str
    quantity: str
    y_label: str
    bars: tuple[Bar, ...]
    y_range: tuple[float, float]
    """log10 limits of the axis (whole decades where the span allows)."""
    y_ticks: tuple[float, ...]
    """log10 positions; labels are 10^k."""
    guide: float | None = None
    """log10 of the alert guide line, or None."""
    guide_label: str = ""
    step: int = 0


@dataclass(frozen=True)
class HeatmapScene:
    """Is layer x step: log10 magnitudes for a colour map."""

    experiment: str
    title: str
    subtitle: str
    values: np.ndarray = field(repr=False)
    """Shape (layers, columns); row 0 is layer 1; nan where there is no number."""
    columns: np.ndarray = field(repr=False)
    """Step of each column, shape (columns,), increasing."""
    colour_range: tuple[float, float]
    colour_ticks: tuple[float, ...]
    colour_label: str


@dataclass(frozen=True)
class LossScene:
    """Is the loss over the steps: thin raw line and smoothed line, and a dashed line on held-out examples."""

    experiment: str
    title: str
    subtitle: str
    steps: np.ndarray = field(repr=False)
    raw: np.ndarray = field(repr=False)
    smoothed: np.ndarray = field(repr=False)
    y_range: tuple[float, float]
    y_label: str
    note: str = ""
    """One sentence about the axis, e.g. that it starts at 0."""
    evaluations: Evaluations = field(default_factory=Evaluations, repr=False)
    """What was measured beside the training; every step of it is one of `steps`. Its losses are finite or nan."""


@dataclass(frozen=True)
class Node:
    """Is one circle of the diagram. x and y are in [0, 1], y downwards; `value` is h at the shown example."""

    place: Place
    x: float
    y: float
    label: str
    value: float | None
    text: str
    """Sentence for hover and screen reader."""


@dataclass(frozen=True)
class Wire:
    """Is one connection of the diagram. `strength` in [0, 1] scales the pen; `hot` lies on the derived path."""

    place: Place
    start: int
    end: int
    """Indexes into the scene's nodes."""
    label: str
    value: float | None
    strength: float
    hot: bool
    text: str


@dataclass(frozen=True)
class DiagramScene:
    """Is the network: nodes by layer from left to right, wires between them."""

    experiment: str
    title: str
    nodes: tuple[Node, ...]
    wires: tuple[Wire, ...]
    layers: int
    """Number of layers with weights."""
    layer_labels: tuple[tuple[float, str], ...] = ()
    """(x, text) under the columns of a deep network."""
    note: str = ""
    """What the picture leaves out, e.g. that each column shows its first 8 units."""


@dataclass(frozen=True)
class SheetLine:
    """Is one typeset line: the formula itself and every spelling of it."""

    formula: Formula
    typst: str
    """Typst math source with each factor occurrence in its ink colour (see `inks`)."""
    latex: str
    text: str
    inks: tuple[tuple[str, str], ...]
    """(ink colour "#rrggbb", factor id) of each occurrence, in order."""


@dataclass(frozen=True)
class SheetStep:
    """Is a numbered step of the equation sheet."""

    number: int
    kind: str
    title: str
    lines: tuple[SheetLine, ...]
    note: str
    detail: bool


@dataclass(frozen=True)
class EquationSheet:
    """Is a derivation ready to be typeset."""

    experiment: str
    title: str
    wrt: str
    steps: tuple[SheetStep, ...]
    factor_text: dict[str, str]
    """Factor id -> sentence for hover: meaning, closed form, value."""
    factor_place: dict[str, Place]
