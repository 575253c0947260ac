"""Draws the spectra of the Theory workspace: singular values of the Jacobian, and the unit circle."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from vgdesk.present.spectrum import SpectrumScene, nothing_arrives, spectrum_scene
from vgdesk.present.unit_circle import AT_THE_START, OF_A_MATRIX, UnitCircleScene, unit_circle_scene
from vgdesk.records.jacobian import JacobianSpectrum
from vgdesk.records.spectrum import RecurrentSpectrum
from vgdesk.ui.panels.card import Card
from vgdesk.ui.state.desk import Desk

NO_JACOBIAN = "A recurrent network has no Jacobian from one input to one output: see its unit circle"
NO_CIRCLE = "A feed-forward network has no Wₕₕ: see the spectrum of its Jacobian"


class SpectraDrawing(QObject):
    """Draws "spectrum" and "circle"."""

    def __init__(self, desk: Desk, cards: dict[str, Card], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._cards = desk, cards
        self._made_of: JacobianSpectrum | RecurrentSpectrum | None = None
        self._scene: SpectrumScene | UnitCircleScene | None = None

    @property
    def draw(self) -> dict[str, Callable[[], None]]:
        """What draws each of the panels."""
        return {"spectrum": self._draw_spectrum, "circle": self._draw_circle}

    def _draw_spectrum(self) -> None:
        spectra, title = self._desk.spectra, self._desk.session.training.title
        scene = self._picture(spectra.jacobian)
        words = scene.title if isinstance(scene, SpectrumScene) else ""
        if spectra.jacobian is not None:
            scene = nothing_arrives(spectra.jacobian) or scene
        self._cards["spectrum"].show_scene(scene or self._why(NO_JACOBIAN, not spectra.is_recurrent), words or title)

    def _draw_circle(self) -> None:
        spectra = self._desk.spectra
        title = "a Wₕₕ whose eigenvalues are 0" if spectra.is_counterexample else self._desk.session.training.title
        scene = self._picture(spectra.recurrent)
        self._cards["circle"].show_scene(scene or self._why(NO_CIRCLE, spectra.is_recurrent), title)

    def _why(self, not_this: str, is_due: bool) -> str | None:
        """Returns why a panel is empty; None while its spectrum is on its way."""
        return (self._desk.spectra.reason or None) if is_due else not_this

    def _picture(self, found: JacobianSpectrum | RecurrentSpectrum | None) -> SpectrumScene | UnitCircleScene | None:
        """Returns the picture, made anew only where another spectrum has come."""
        if found is not None and found is not self._made_of:
            moment = OF_A_MATRIX if self._desk.spectra.is_counterexample else AT_THE_START
            is_jacobian = isinstance(found, JacobianSpectrum)
            self._scene = spectrum_scene(found) if is_jacobian else unit_circle_scene(found, moment=moment)
            self._made_of = found
        return self._scene if found is not None else None
