"""Phase diagram -> picture of chi_1, or of the depth it lets train, over sigma_w and sigma_b, with the critical line.

The critical line is where log10 chi_1 changes its sign. Between its two *companions* |ln chi_1| < 5 / L, so that a
network of L layers is no deeper than 5 xi: there its gradients neither vanish nor explode on the way.
"""

import math
from dataclasses import dataclass, field

import numpy as np

from vgdesk.present.depth_plan import NO_FIXED_POINT, reach_text, sigmas_text
from vgdesk.present.formula.numbers import number_text
from vgdesk.records.depth_plan import DepthPlan
from vgdesk.spec.mixture import words_of

MOST_DECADES = 1.0
"""Colours span a factor of 10 per layer to either side of chi_1 = 1; beyond, every network of some depth is lost."""
DEPTH_RANGE = (0.0, 3.0)
"""Decades of the trainable depth that colours tell apart: 1 to 1000 layers."""
DEPTHS_PER_XI = 5.0
NO_CHI = -300.0
"""log10 of a chi_1 of exactly 0, for colours and lines; a table has -inf there."""
CHI_LABEL = "log₁₀ χ₁, growth of |∂L/∂z|² per layer"
DEPTH_LABEL = "log₁₀ 5 ξ, layers a gradient can cross"

_ROUNDING = 1e-9
"""Columns and rows, of a place that is a point of the grid."""
_COLOURS_SAY = {
    "chi": "blue: gradients vanish · red: they explode",
    "depth": "bright: gradients cross many layers",
}

Line = tuple[tuple[float, float], ...]
"""Points (sigma_w, sigma_b) that are joined."""


@dataclass(frozen=True)
class PhaseScene:
    """Is log10 chi_1 over the two deviations; rows are sigma_b, columns sigma_w; nan where it has not come yet."""

    title: str
    subtitle: str
    sigma_w: np.ndarray = field(repr=False)
    sigma_b: np.ndarray = field(repr=False)
    log10_chi: np.ndarray = field(repr=False)
    q: np.ndarray = field(repr=False)
    colour_range: tuple[float, float]
    colour_label: str = CHI_LABEL
    shown: str = "chi"
    critical: tuple[Line, ...] = field(default=(), repr=False)
    companions: tuple[Line, ...] = field(default=(), repr=False)
    """Where 5 xi is the network's depth."""
    depth: int = 0
    """Layers of the network; 0 for no network."""
    point: tuple[float, float] | None = None
    """(sigma_w, sigma_b) of the network, for pictures that do not move."""

    @property
    def values(self) -> np.ndarray:
        """What the colours are of."""
        return self.log10_chi if self.shown == "chi" else _log10_depth(self.log10_chi)


def phase_scene(
    activation: str,
    sigma_w: np.ndarray,
    sigma_b: np.ndarray,
    q: np.ndarray,
    chi_1: np.ndarray,
    shown: str = "chi",
    depth: int = 0,
) -> PhaseScene:
    """Returns the picture of a phase diagram; shapes (columns,), (rows,), (rows, columns) twice.

    Parameters
    ----------
    shown
        "chi", or "depth" for the trainable depth 5 xi.
    depth
        Layers of the network whose trainable region is marked; 0 for none.
    """
    log10 = np.log10(np.maximum(chi_1, 10.0**NO_CHI))
    known = np.abs(log10[np.isfinite(log10)])
    largest = min(MOST_DECADES, float(known.max(initial=0.0)) or MOST_DECADES)

    margin = DEPTHS_PER_XI / depth / math.log(10) if depth else 0.0
    beside = (log10 - margin, log10 + margin) if depth else ()
    return PhaseScene(
        title=f"Phase diagram of {words_of(activation)}",
        subtitle=" · ".join(
            [_COLOURS_SAY[shown], "line: χ₁ = 1", *([f"dotted: 5 ξ = {depth} layers"] if depth else [])]
        ),
        sigma_w=sigma_w,
        sigma_b=sigma_b,
        log10_chi=log10,
        q=q,
        colour_range=(-largest, largest) if shown == "chi" else DEPTH_RANGE,
        colour_label=CHI_LABEL if shown == "chi" else DEPTH_LABEL,
        shown=shown,
        critical=crossings(sigma_w, sigma_b, log10),
        companions=tuple(line for values in beside for line in crossings(sigma_w, sigma_b, values)),
        depth=depth,
    )


def crossings(x: np.ndarray, y: np.ndarray, values: np.ndarray) -> tuple[Line, ...]:
    """Returns where values change their sign: per row the crossings, joined to the nearest of the row before.

    A crossing without a neighbour within three columns begins a line of its own.
    """
    reach = 3.0 * float(x[1] - x[0])
    lines: list[list[tuple[float, float]]] = []
    growing: list[list[tuple[float, float]]] = []
    for row, height in zip(values, y.tolist(), strict=True):
        here: list[list[tuple[float, float]]] = []
        for place in _row_crossings(x, row):
            line = min(growing, key=lambda other, place=place: abs(other[-1][0] - place), default=None)
            if line is None or abs(line[-1][0] - place) > reach:
                line = _no_points()
                lines.append(line)
            else:
                growing.remove(line)
            line.append((place, height))
            here.append(line)
        growing = here
    return tuple(tuple(line) for line in lines)


def _no_points() -> list[tuple[float, float]]:
    return []


def _row_crossings(x: np.ndarray, row: np.ndarray) -> list[float]:
    low, high = row[:-1], row[1:]
    with np.errstate(invalid="ignore"):
        where = np.flatnonzero((low < 0.0) != (high < 0.0))
    where = where[np.isfinite(low[where]) & np.isfinite(high[where]) & (np.abs(high - low)[where] < 2.0)]
    share = low[where] / (low[where] - high[where])
    return (x[where] + share * (x[where + 1] - x[where])).tolist()


def _log10_depth(log10_chi: np.ndarray) -> np.ndarray:
    """Returns log10 of 5 / |ln chi|."""
    return np.log10(DEPTHS_PER_XI / np.maximum(np.abs(log10_chi) * math.log(10), 1e-12))


def place_words(
    scene: PhaseScene, sigma_w: float, sigma_b: float, own: DepthPlan | None = None, beside: str = ""
) -> str:
    """Returns what the diagram says of a place: its sigmas, chi_1 and the trainable depth.

    Where chi_1 is not known it is interpolated between points of the grid, and an ≈ says so, as of a network that is
    dragged faster than it is planned. `own` is the plan of the network that stands there, for it knows better than the
    grid. `beside` is what its layers have that the diagram is without: its own factor, with that, is another one, and
    the planner tells it.

    Between two points of the grid chi_1 has a corner where the variance begins to vanish, as of tanh at sigma_w = 1.
    Where the variance grows on, the grid holds the limit of chi_1, which a network of some depth is far from: it is not
    told there, but only the factor of the network itself.
    """
    words = sigmas_text(sigma_w, sigma_b, " ") + (f" · without {beside}" if beside else "")
    lead = f"{words}: " if beside else f"{words} · "
    chi_1 = own.place_chi if own else math.nan
    end, varies = (
        _growth(scene, sigma_w, sigma_b)
        if own is None
        else ("" if own.place_settles else NO_FIXED_POINT, own.place_varies)
    )
    if varies:
        return f"{lead}χ {number_text(chi_1)} in the middle · {end}" if chi_1 > 0.0 else f"{lead}{end}"
    chi = math.log10(chi_1) if chi_1 > 0.0 else log10_chi_at(scene, sigma_w, sigma_b)
    if not math.isfinite(chi):
        return words
    depth = float(10 ** _log10_depth(np.array(chi)))
    about = "" if chi_1 > 0.0 or _is_on_grid(scene, sigma_w, sigma_b) else "≈ "
    told = f"{lead}χ₁ {about}{number_text(10**chi)} · 5 ξ {about or '= '}{reach_text(depth)}"
    return f"{told} · {end}" if end else told


def _growth(scene: PhaseScene, sigma_w: float, sigma_b: float) -> tuple[str, bool]:
    """Returns what is said where the variance grows for ever, else "", and whether chi_1 depends on it there."""
    column, row = (int(np.abs(axis - at).argmin()) for axis, at in ((scene.sigma_w, sigma_w), (scene.sigma_b, sigma_b)))
    if not np.isposinf(scene.q[row, column]):
        return "", False
    known = scene.sigma_w > 0.0
    log10_slope = scene.log10_chi[row, known] - 2 * np.log10(scene.sigma_w[known])
    return NO_FIXED_POINT, bool(np.ptp(log10_slope) > 1e-6)


def log10_chi_at(scene: PhaseScene, sigma_w: float, sigma_b: float) -> float:
    """Returns log10 chi_1 at a place, interpolated; nan outside and where it has not come yet."""
    column, row = _column_and_row(scene, sigma_w, sigma_b)
    rows, columns = scene.log10_chi.shape
    if not (0 <= column <= columns - 1 and 0 <= row <= rows - 1):
        return math.nan
    left, below = min(int(column), columns - 2), min(int(row), rows - 2)
    corner = scene.log10_chi[below : below + 2, left : left + 2]
    across = corner[:, 0] + (column - left) * (corner[:, 1] - corner[:, 0])
    return float(across[0] + (row - below) * (across[1] - across[0]))


def _is_on_grid(scene: PhaseScene, sigma_w: float, sigma_b: float) -> bool:
    """Whether a place is a point of the grid, but for rounding."""
    return all(abs(at - round(at)) < _ROUNDING for at in _column_and_row(scene, sigma_w, sigma_b))


def _column_and_row(scene: PhaseScene, sigma_w: float, sigma_b: float) -> tuple[float, float]:
    """Returns where a place is on the grid: whole numbers at its points."""
    axes = (scene.sigma_w, sigma_w), (scene.sigma_b, sigma_b)
    column, row = (float((at - axis[0]) / (axis[1] - axis[0])) for axis, at in axes)
    return column, row
