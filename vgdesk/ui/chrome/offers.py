"""Which panels there are to look at: some say something of recurrent networks only, some of feed-forward ones only."""

from PySide6.QtCore import QObject

from vgdesk.spec.experiment import Experiment
from vgdesk.spec.recurrent import Recurrent
from vgdesk.ui.chrome.stage import Stage
from vgdesk.ui.state.desk import Desk


class Offers(QObject):
    """Offers the panels that fit what is trained, and takes the others away."""

    def __init__(self, stage: Stage, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._stage, self._desk = stage, desk
        self.follow_training(desk.session.training)
        desk.when_complete(self._begin)

    def follow_training(self, experiment: Experiment) -> None:
        """Offers the lag plot only where there is time."""
        self._stage.offer_panel("lag", isinstance(experiment.network, Recurrent))
        self._offer_spectra()

    def _begin(self) -> None:
        self._desk.session.training_changed.connect(self.follow_training)
        self._desk.spectra.changed.connect(self._offer_spectra)
        self._offer_spectra()  # a window may open with a recurrent network

    def _offer_spectra(self) -> None:
        """Offers what there is to say of a feed-forward network, or the eigenvalues of a recurrent one's W_hh."""
        is_feed_forward = not isinstance(self._desk.session.training.network, Recurrent)
        self._stage.offer_panel("circle", self._desk.is_complete and self._desk.spectra.is_recurrent)
        self._stage.offer_panel("phase", is_feed_forward)
        self._stage.offer_panel("spectrum", is_feed_forward)
