"""The scenes: what a picture shows, as plain data, before anyone draws it.

Colours are named by meaning ("measured", "alert", "symbolic"), never by value; the window's theme and the file exporter
translate them. Exact zeros, NaN and infinities are marks of their own shape, never a bar.

The scenes of the curves stand here; the network's is in `diagram_scene`, a derivation's in `sheet_scene`, and those of
a single panel stand beside what makes them.
"""

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from vgdesk.present.tone import Tone as Tone
from vgdesk.records.derivation import Place
from vgdesk.records.evaluation import Evaluations
from vgdesk.records.places import Places


class Mark(StrEnum):
    """How a value that has no place on a log axis is drawn: hollow ring, cross, arrow."""

    ZERO = "zero"
    NAN = "nan"
    INFINITE = "infinite"


@dataclass(frozen=True)
class Bar:
    """Is one place's magnitude: `log10` is None where `mark` says why there is no number.

    `layer` is the number of the place, be it a layer, a weight matrix or a time step; where the scene's scale is not
    log10, `log10` is the number itself.
    """

    layer: int
    log10: float | None
    mark: Mark | None
    tone: Tone
    text: str
    """Full-precision value for hover and copy, e.g. "layer 3: 1.4412e-14"."""


@dataclass(frozen=True)
class TheoryBand:
    """Is a predicted line with its band: log10 of the median and standard deviation of each place.

    Places without a number have nan.
    """

    log10: tuple[float, ...]
    deviation: tuple[float, ...]
    label: str
    """What the line is, and how what is measured compares with it."""


@dataclass(frozen=True)
class ProfileScene:
    """Is one quantity place by place, of one network at one step; on a log10 axis unless `scale` says otherwise."""

    experiment: str
    title: str
    subtitle: str
    quantity: str
    y_label: str
    bars: tuple[Bar, ...]
    y_range: tuple[float, float]
    """Limits of the axis: log10, whole decades where the span allows, or on the scale's own axis (`present.scale`)."""
    y_ticks: tuple[float, ...]
    """Positions of the labels; on the log10 scale these are 10^k."""
    guide: float | None = None
    """log10 of the alert guide line, or None."""
    guide_label: str = ""
    step: int = 0
    places: Places = Places.LAYERS
    scale: str = "log10"
    """"log10", "share" or "number"."""
    theory: TheoryBand | None = None
    theory_note: str = ""
    """Why no prediction is drawn, or what makes it less sure."""
    symbolic: tuple[float, ...] = ()
    """log10 of the exact gradients at the drawn weights, drawn as diamonds over the bars; nan where there is none."""

    @property
    def baseline(self) -> float:
        """Where bars begin: at 0, on a log10 axis at its lower end."""
        return self.y_range[0] if self.scale == "log10" else 0.0


@dataclass(frozen=True)
class HeatmapScene:
    """Is place x step: log10 magnitudes for a colour map, or numbers of another scale."""

    experiment: str
    title: str
    subtitle: str
    values: np.ndarray = field(repr=False)
    """Shape (places, columns); row 0 is place 1; nan where there is no number."""
    columns: np.ndarray = field(repr=False)
    """Step of each column, shape (columns,), increasing."""
    colour_range: tuple[float, float]
    colour_ticks: tuple[float, ...]
    colour_label: str
    places: Places = Places.LAYERS
    scale: str = "log10"


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
    """What was measured beside the training, also between two of `steps`. Its losses are finite or nan."""

    @property
    def alone(self) -> np.ndarray:
        """The indices of finite losses between two that are not: no line can show them."""
        gap = np.concatenate([[True], ~np.isfinite(self.smoothed), [True]])
        return np.flatnonzero(~gap[1:-1] & gap[:-2] & gap[2:])


@dataclass(frozen=True)
class LagLine:
    """Is the magnitude of one gradient over the time lag; `log10[k]` belongs to lag k and may be -inf, nan or inf."""

    quantity: str
    label: str
    log10: np.ndarray = field(repr=False)


@dataclass(frozen=True)
class LagScene:
    """Is how a gradient changes on its way back through time, on a log10 axis; lag 0 is the last time step."""

    experiment: str
    title: str
    subtitle: str
    lines: tuple[LagLine, ...]
    y_range: tuple[float, float]
    y_ticks: tuple[float, ...]
    fit: tuple[float, float] | None = None
    """log10 of the first line's straight fit at lag 0, and its slope in decades per time step; None for no fit."""
    note: str = ""
    """What the fit says in words."""
    step: int = 0

    @property
    def lags(self) -> int:
        """Number of time steps."""
        return len(self.lines[0].log10) if self.lines else 0


@dataclass(frozen=True)
class WaterfallBar:
    """Is what one factor does to the running product: log10 before and after it; `end` is None for exactly 0."""

    factor: str
    label: str
    start: float
    end: float | None
    tone: Tone
    text: str
    """Sentence for hover and screen reader."""
    place: Place | None = None
    """Where in the network the factor belongs."""


@dataclass(frozen=True)
class WaterfallScene:
    """Is the running product of a gradient's factors, nearest the loss first, on a log10 axis; it begins at 1."""

    experiment: str
    title: str
    subtitle: str
    bars: tuple[WaterfallBar, ...]
    y_range: tuple[float, float]
    y_ticks: tuple[float, ...]
    note: str = ""
    """Which share of the gradient these factors make, where that is not all of it."""
    telling: str = ""
    """`EquationSheet.telling` of the ledger above it."""
