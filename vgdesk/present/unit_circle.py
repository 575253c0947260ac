"""Spectrum of W_hh -> its eigenvalues in the complex plane with the unit circle, and |dh_T/dh_t| over the lag.

The picture's sentence says what the eigenvalues do *not* decide: gradients are promised to vanish where the largest
singular value times max phi' is below 1, and the spectral radius promises nothing (Pascanu, Mikolov & Bengio 2013).
"""

import math
from dataclasses import dataclass, field

import numpy as np

from vgdesk.present.depth_plan import layer_count
from vgdesk.present.formula.numbers import number_text
from vgdesk.present.lag import factor_per_step
from vgdesk.present.scenes import LagLine, LagScene, Tone
from vgdesk.present.ticks import decade_range, decade_ticks, round_ceiling, round_values
from vgdesk.records.codec import frozen
from vgdesk.records.spectrum import CellPath, GateSpectrum, RecurrentSpectrum

GATE_WORDS = {
    "": "W_hh",
    "i": "input gate i",
    "f": "forget gate f",
    "g": "candidate g",
    "o": "output gate o",
    "r": "reset gate r",
    "z": "update gate z",
    "n": "candidate n",
}
_TONES = (Tone.MEASURED, Tone.ALERT, Tone.HELD_OUT, Tone.THEORY)


AT_THE_START, OF_A_MATRIX = "at the start", "of this W_hh"
"""What a spectrum is of: of a network as it is drawn, before training, or of a matrix that is no network's."""


@dataclass(frozen=True)
class EigenvalueCloud:
    """Is the eigenvalues of one square block of W_hh."""

    label: str
    tone: Tone
    real: np.ndarray = field(repr=False)
    imaginary: np.ndarray = field(repr=False)
    spectral_radius: float
    largest_singular_value: float
    text: str
    """Sentence for hover and screen reader."""


@dataclass(frozen=True)
class Circle:
    """Is a circle around 0; the unit circle is solid, the others dashed."""

    radius: float
    label: str
    is_unit: bool = False


@dataclass(frozen=True)
class UnitCircleScene:
    """Is the complex plane, the same scale on both axes, both from -`reach` to `reach`; and the decay beside it.

    `lags` is drawn like every gradient over the lag; its lines are |dh_T/dh_t|, its bound, and an LSTM's cell path.
    Entry k of a line belongs to lag k; lags that were not measured are nan.
    """

    experiment: str
    title: str
    subtitle: str
    clouds: tuple[EigenvalueCloud, ...]
    circles: tuple[Circle, ...]
    reach: float
    ticks: tuple[float, ...]
    note: str
    lags: LagScene
    x_label: str = "real part"
    y_label: str = "imaginary part"


def unit_circle_scene(spectrum: RecurrentSpectrum, title: str = "", moment: str = AT_THE_START) -> UnitCircleScene:
    """Returns the picture of a recurrent network's spectrum, or of a W_hh alone; `moment` says which of them."""
    clouds = tuple(_cloud(gate, _TONES[n % len(_TONES)]) for n, gate in enumerate(spectrum.gates))
    largest = max(cloud.spectral_radius for cloud in clouds)
    reach = round_ceiling(1.15 * max(1.0, largest))
    return UnitCircleScene(
        experiment=spectrum.experiment,
        title=title or "Eigenvalues of W_hh",
        subtitle=_radii_text(spectrum.gates),
        clouds=clouds,
        circles=_circles(spectrum, reach),
        reach=reach,
        ticks=tuple(round_values(-reach, reach, 6)),
        note=spectrum.verdict,
        lags=decay_scene(spectrum, moment),
    )


def decay_scene(spectrum: RecurrentSpectrum, moment: str = AT_THE_START) -> LagScene:
    """Returns |dh_T/dh_t| over the lag, with its straight fit, the bound and an LSTM's cell path."""
    lines = [LagLine("jacobian", "‖∂h_T/∂h_t‖", _at_lags(spectrum, spectrum.log10_norm))]
    if len(spectrum.log10_bound):
        lines.append(LagLine("bound", "bound (max φ′ · ‖W_hh‖)ᵏ", _at_lags(spectrum, spectrum.log10_bound)))
    if spectrum.cell_path is not None:
        lines.append(LagLine("cell", "cell path ∏ f", spectrum.cell_path.log10))
    # a bound far above what is measured would press that flat
    low, high = decade_range(np.concatenate([line.log10 for line in lines if line.quantity != "bound"]))
    fit = spectrum.fit
    return LagScene(
        experiment=spectrum.experiment,
        title="How the state's gradient changes with the lag",
        subtitle=moment,
        lines=tuple(lines),
        y_range=(low, high),
        y_ticks=decade_ticks(low, high),
        fit=(fit.log10_start, fit.slope) if fit is not None else None,
        note=" ".join(sentence for sentence in (fit_text(spectrum), path_text(spectrum.cell_path)) if sentence),
    )


def fit_text(spectrum: RecurrentSpectrum) -> str:
    """Returns what the straight fit says: the factor per step and the half-life."""
    fit = spectrum.fit
    if fit is None:
        return ""
    if math.isinf(fit.half_life):
        return "Straight fit: level."
    change = "halved" if fit.half_life > 0 else "doubled"
    lag = number_text(abs(fit.half_life))
    every = "step" if lag == "1" else f"{lag} steps"
    return f"Straight fit: times {factor_per_step(fit.slope)} per step back, {change} every {every}."


def path_text(path: CellPath | None) -> str:
    """Returns at which lags an LSTM's direct path has lost half, 90% and all of float32, and which lags there are."""
    if path is None:
        return ""
    lags, last = (path.half, path.tenth, path.float32), len(path.log10) - 1
    half, tenth, float32 = map(lag_text, lags)
    beyond = any(last < lag < math.inf for lag in lags)
    note = f" (above lag {last}, the sequence's last, the line is carried on)" if beyond else ""
    return f"The cell path ∏ f loses half {half}, 90% {tenth}, all that float32 can hold {float32}{note}."


def lag_text(lag: float) -> str:
    """Returns "at lag 12.3", or "never"."""
    return "never" if math.isinf(lag) else f"at lag {layer_count(lag)}"


def _at_lags(spectrum: RecurrentSpectrum, values: np.ndarray) -> np.ndarray:
    """Puts the values of the measured lags into their places, nan elsewhere."""
    found = np.full(int(spectrum.lags[-1]) + 1, np.nan)
    found[spectrum.lags.astype(int)] = values
    return frozen(found)


def _cloud(gate: GateSpectrum, tone: Tone) -> EigenvalueCloud:
    label = GATE_WORDS[gate.gate]
    return EigenvalueCloud(
        label=label,
        tone=tone,
        real=gate.real,
        imaginary=gate.imaginary,
        spectral_radius=gate.spectral_radius,
        largest_singular_value=gate.largest_singular_value,
        text=f"{label}: spectral radius {number_text(gate.spectral_radius, 4)}, largest singular value "
        f"{number_text(gate.largest_singular_value, 4)}",
    )


def _radii_text(gates: tuple[GateSpectrum, ...]) -> str:
    """Returns the radii and largest singular values of all blocks, e.g. "spectral radius i 0.98, f 1.02"."""
    radii = ", ".join(f"{gate.gate} {number_text(gate.spectral_radius)}".strip() for gate in gates)
    largest = ", ".join(f"{gate.gate} {number_text(gate.largest_singular_value)}".strip() for gate in gates)
    return f"spectral radius {radii} · largest singular value {largest}"


def _circles(spectrum: RecurrentSpectrum, reach: float) -> tuple[Circle, ...]:
    """Returns the unit circle and, of the simple cell, the largest singular value where it fits into the picture."""
    circles = [Circle(1.0, "unit circle", is_unit=True)]
    if len(spectrum.gates) == 1 and spectrum.gates[0].largest_singular_value < 1.4 * reach:
        circles.append(Circle(spectrum.gates[0].largest_singular_value, "largest singular value"))
    return tuple(circles)
