"""Where the units of a layer of the training experiment stand on their activation."""

from vgdesk.engine.studies import AnyJob, Found, SaturationJob
from vgdesk.records.places import Places, signal_places
from vgdesk.records.saturation import Saturation
from vgdesk.ui.state.asked import Asked

WORST = 0
"""In place of a layer: that with most saturated units."""


class Saturations(Asked):
    """Holds the histogram on show."""

    WORDS = "looking where units stand"
    found: Saturation | None = None
    _place = WORST

    @property
    def places(self) -> Places:
        """Layers, or time steps of a recurrent network."""
        return signal_places(self.experiment.network)[0]

    @property
    def last_place(self) -> int:
        """How many layers or time steps there are."""
        return signal_places(self.experiment.network)[1]

    @property
    def place(self) -> int:
        """The layer or time step that is asked about, or `WORST`."""
        return min(self._place, self.last_place)

    def choose_place(self, place: int) -> None:
        """Asks about a layer or time step, or about the worst one."""
        self._place = place
        self.ask()

    def job(self) -> AnyJob:
        """Returns the question as it stands now."""
        return SaturationJob(experiment=self.experiment, place=self.place or None, step=self.step)

    def hold(self, found: Found | None) -> bool:
        """Takes a histogram, or for None lets go of the former."""
        self.found = None if found is None else found.saturation
        return self.found is not None
