"""What a training records, said in words on the command line."""

import msgspec

from vgdesk.cli.options import names_in, option_named
from vgdesk.errors import SpecError
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.recording import ALWAYS, QUANTITIES, EveryNth, Histogram, LogSpaced
from vgdesk.spec.recurrent import Recurrent


def recorded_as(
    experiment: Experiment, record: str | None, every: int | None, log_spaced: int | None, histogram: bool | None
) -> Experiment:
    """Returns the experiment with the given parts of its recording replaced; None leaves a part as it is."""
    if every is not None and log_spaced is not None:
        raise SpecError("--every and --log-spaced exclude each other, got both")
    what, when = experiment.recording.what, experiment.recording.when
    if record is not None:
        with option_named("--record", "quantities"):
            what = msgspec.structs.replace(what, quantities=_named(experiment, record))
    if histogram is not None:
        what = msgspec.structs.replace(what, histogram=Histogram() if histogram else None)
    if every is not None:
        with option_named("--every", "n"):
            when = EveryNth(n=every)
    if log_spaced is not None:
        with option_named("--log-spaced", "per_decade"):
            when = LogSpaced(per_decade=log_spaced)
    recording = msgspec.structs.replace(experiment.recording, what=what, when=when)
    return msgspec.structs.replace(experiment, recording=recording)


def _named(experiment: Experiment, record: str) -> tuple[str, ...]:
    network = experiment.network
    kind = network.cell_kind if isinstance(network, Recurrent) else "feed-forward"
    if record.strip() == "all":
        return tuple(name for name, known in QUANTITIES.items() if kind in known.networks and name not in ALWAYS)
    return tuple(names_in("--record", record, "a quantity, or all"))
