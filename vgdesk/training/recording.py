"""What of the kernel's rows goes into the record: the wanted quantities, and what was not finite."""

from collections.abc import Collection

import numpy as np

from vgdesk.kernels.trainer import Rows
from vgdesk.records.breakdown import Breakdown, breakdown_of
from vgdesk.records.places import signal_places, weight_places
from vgdesk.spec.experiment import Network


def quantities_of(rows: Rows, wanted: Collection[str]) -> dict[str, np.ndarray]:
    """Returns the wanted quantities that the kernel delivers, shape (steps, places) each."""
    delivered = {"weight": rows.log10_weight_norm, "delta": rows.log10_delta_norm}
    return {name: values for name, values in delivered.items() if name in wanted}


def breakdown_at(step: int, rows: Rows, quantities: dict[str, np.ndarray], network: Network) -> Breakdown:
    """Returns what was not finite in the last of the kernel's rows, given that something was not."""
    norms = {name: values[-1] for name, values in quantities.items()}
    signals, weights = signal_places(network)[0], weight_places(network)[0]
    found = breakdown_of(step, float(rows.loss[-1]), norms, signals, weights)
    return found or Breakdown(step=step, operation="gradient", places=weights)
