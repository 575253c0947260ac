"""What number formats store of the training experiment's gradient."""

from vgdesk.engine.studies import AnyJob, FormatsJob, Found
from vgdesk.records.format_loss import FormatReport
from vgdesk.ui.state.asked import Asked


class Formats(Asked):
    """Holds the report on show."""

    WORDS = "comparing number formats"
    report: FormatReport | None = None

    def job(self) -> AnyJob:
        """Returns the question as it stands now."""
        return FormatsJob(experiment=self.experiment, step=self.step)

    def hold(self, found: Found | None) -> bool:
        """Takes a report, or for None lets go of the former."""
        self.report = None if found is None else found.formats
        return self.report is not None
