"""Scenes -> files: pictures (.png, .svg, .pdf) and tables (.csv). The same scene gives the same bytes.

matplotlib is loaded by the first picture, not by importing this module, and nothing it has to say (a font cache being
built, a configuration folder that is read-only, a character its font lacks) reaches the terminal.
"""

import contextlib
import logging
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

from vgdesk.export.files import checked_suffix, write_file
from vgdesk.export.format_table import format_table
from vgdesk.export.spectrum_table import spectrum_table, unit_circle_table
from vgdesk.export.table import heatmap_table, lag_table, loss_table, phase_table, profile_table, waterfall_table
from vgdesk.present.comparison import ComparisonScene
from vgdesk.present.number_formats import FormatScene
from vgdesk.present.phase import PhaseScene
from vgdesk.present.saturation import SaturationScene
from vgdesk.present.scenes import HeatmapScene, LagScene, LossScene, ProfileScene, WaterfallScene
from vgdesk.present.spectrum import SpectrumScene
from vgdesk.present.sweep_map import SweepMap
from vgdesk.present.unit_circle import UnitCircleScene

FIGURE_SUFFIXES = (".png", ".svg", ".pdf", ".csv")


def export_profile(scene: ProfileScene, path: Path | str) -> None:
    """Writes the bars of a profile; the suffix of `path` chooses the format. Raises `ExportError` in one sentence."""

    def picture(suffix: str) -> bytes:
        from vgdesk.export.profile_figure import profile_picture

        return profile_picture(scene, suffix)

    _write(path, picture, lambda: profile_table(scene))


def export_heatmap(scene: HeatmapScene, path: Path | str) -> None:
    """Writes the heat map; the suffix of `path` chooses the format. Raises `ExportError` in one sentence."""

    def picture(suffix: str) -> bytes:
        from vgdesk.export.heatmap_figure import heatmap_picture

        return heatmap_picture(scene, suffix)

    _write(path, picture, lambda: heatmap_table(scene))


def export_loss(scene: LossScene, path: Path | str) -> None:
    """Writes the loss curve; the suffix of `path` chooses the format. Raises `ExportError` in one sentence."""

    def picture(suffix: str) -> bytes:
        from vgdesk.export.loss_figure import loss_picture

        return loss_picture(scene, suffix)

    _write(path, picture, lambda: loss_table(scene))


def export_lag(scene: LagScene, path: Path | str) -> None:
    """Writes the gradient over the lag; the suffix of `path` chooses the format. Raises `ExportError`."""

    def picture(suffix: str) -> bytes:
        from vgdesk.export.lag_figure import lag_picture

        return lag_picture(scene, suffix)

    _write(path, picture, lambda: lag_table(scene))


def export_phase(scene: PhaseScene, path: Path | str) -> None:
    """Writes a phase diagram; the suffix of `path` chooses the format. Raises `ExportError` in one sentence."""

    def picture(suffix: str) -> bytes:
        from vgdesk.export.phase_figure import phase_picture

        return phase_picture(scene, suffix)

    _write(path, picture, lambda: phase_table(scene))


def export_formats(scene: FormatScene, path: Path | str) -> None:
    """Writes what number formats store of a gradient; the suffix of `path` chooses the format. Raises `ExportError`."""

    def picture(suffix: str) -> bytes:
        from vgdesk.export.format_figure import format_picture

        return format_picture(scene, suffix)

    _write(path, picture, lambda: format_table(scene))


def export_saturation(scene: SaturationScene, path: Path | str) -> None:
    """Writes where units stand on their activation; the suffix of `path` chooses the format. Raises `ExportError`."""
    from vgdesk.export.saturation_figure import saturation_picture, saturation_table

    _write(path, lambda suffix: saturation_picture(scene, suffix), lambda: saturation_table(scene))


def export_sweep(scene: SweepMap, path: Path | str) -> None:
    """Writes the map of a sweep; the suffix of `path` chooses .png, .svg or .pdf. Raises `ExportError`."""
    suffix = checked_suffix(path, FIGURE_SUFFIXES[:-1])
    from vgdesk.export.sweep_figure import sweep_picture

    with _quiet():
        content = sweep_picture(scene, suffix)
    write_file(path, content)


def export_waterfall(scene: WaterfallScene, path: Path | str) -> None:
    """Writes the waterfall of a ledger; the suffix of `path` chooses the format. Raises `ExportError`."""

    def picture(suffix: str) -> bytes:
        from vgdesk.export.waterfall_figure import waterfall_picture

        return waterfall_picture(scene, suffix)

    _write(path, picture, lambda: waterfall_table(scene))


def export_comparison(scene: ComparisonScene, table: bytes, path: Path | str) -> None:
    """Writes runs side by side; `table` is what a .csv file gets (`comparison_table`). Raises `ExportError`."""

    def picture(suffix: str) -> bytes:
        from vgdesk.export.comparison_figure import comparison_picture

        return comparison_picture(scene, suffix)

    _write(path, picture, lambda: table)


def export_spectrum(scene: SpectrumScene, path: Path | str) -> None:
    """Writes the singular values of a Jacobian; the suffix of `path` chooses the format. Raises `ExportError`."""

    def picture(suffix: str) -> bytes:
        from vgdesk.export.spectrum_figure import spectrum_picture

        return spectrum_picture(scene, suffix)

    _write(path, picture, lambda: spectrum_table(scene))


def export_unit_circle(scene: UnitCircleScene, path: Path | str) -> None:
    """Writes the eigenvalues of W_hh and the decay; the suffix of `path` chooses the format. Raises `ExportError`."""

    def picture(suffix: str) -> bytes:
        from vgdesk.export.unit_circle_figure import unit_circle_picture

        return unit_circle_picture(scene, suffix)

    _write(path, picture, lambda: unit_circle_table(scene))


def _write(path: Path | str, picture: Callable[[str], bytes], table: Callable[[], bytes]) -> None:
    suffix = checked_suffix(path, FIGURE_SUFFIXES)
    if suffix == ".csv":
        write_file(path, table())
        return
    with _quiet():
        content = picture(suffix)
    write_file(path, content)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keeps matplotlib's remarks off the terminal; its log stays readable for whoever configures logging."""
    logger = logging.getLogger("matplotlib")
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
