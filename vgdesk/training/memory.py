"""How much memory a training takes, told before it begins, and how much there is.

With P parameters, numbers of s bytes in the run's format, and B examples in a batch:

    to begin      8 P (drawn in float64) + s P (2 where |W - W0| is recorded)
    then          s P (2 + state of the optimiser) + s B (numbers per example), twice that where it is measured

Parameters are p and dL/dp; SGD has no further number for each of them, momentum one, Adam two. An example takes three
numbers per unit (h, phi', delta), more with options; of a recurrent network all of a time step, for every step. To
measure a step, a recurrent network keeps z and dL/dz, too, and its gates are looked at in float64. What is begun with
is given back before the first step, so the larger of the two lines counts.
"""

import ctypes
import math
import os
import sys
from pathlib import Path

import numpy as np

from vgdesk.errors import SpecError
from vgdesk.records.parameters import parameter_names
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.layer import Highway, Skip
from vgdesk.spec.network import FeedForward
from vgdesk.spec.recording import QUANTITIES
from vgdesk.spec.recurrent import Recurrent
from vgdesk.training.rule import kernel_rule

ALWAYS_THERE = 2**28
"""Bytes for which no machine is asked whether it has them."""
_MEMINFO = Path("/proc/meminfo")
_GROUP = Path("/sys/fs/cgroup")


def require_memory(experiment: Experiment, batch: int = 0) -> None:
    """Raises `SpecError` where training the experiment takes more memory than is free.

    Parameters
    ----------
    batch
        Examples per step; 0 leaves out what they take.
    """
    needed = needed_bytes(experiment, batch)
    if needed <= ALWAYS_THERE:
        return
    free = available_bytes()
    if free is not None and needed > free:
        count = parameter_count(experiment)
        raise SpecError(
            f"training {experiment.name} takes {_gigabytes(needed)} of memory for {count:,} parameters in "
            f"{experiment.training.precision} with {type(experiment.training.optimiser).__name__}"
            f"{f' and a batch of {batch:,}' if batch else ''}, but only {_gigabytes(free)} are free"
        )


def needed_bytes(experiment: Experiment, batch: int) -> int:
    """Returns the most memory the training takes at any time, beside the program, its examples and the record."""
    training, parameters = experiment.training, parameter_count(experiment)
    size, state = np.dtype(training.precision).itemsize, sum(kernel_rule(training.optimiser).slots)
    is_measured = measures_steps(experiment)
    begin = parameters * (8 + size * (1 + is_measured))
    masks = isinstance(experiment.network, FeedForward) and _is_sparse(experiment.network)
    numbers = parameters * (2 + state + masks + 2 * is_measured) + batch * _per_example(experiment)
    return max(begin, size * numbers + batch * is_measured * _bytes_to_measure(experiment, size))


def parameter_count(experiment: Experiment) -> int:
    """Returns how many numbers the network learns."""
    network = experiment.network
    if isinstance(network, FeedForward):
        return sum(layer.parameters_on(below) for layer, below in zip(network.layers, network.widths, strict=False))
    return sum(math.prod(shape) for shape in parameter_names(network).values())


def measures_steps(experiment: Experiment) -> bool:
    """Whether recorded steps are measured beside the training, which takes copies of the parameters."""
    what = experiment.recording.what
    return what.histogram is not None or any(not QUANTITIES[name].is_cheap for name in what.quantities)


def available_bytes() -> int | None:
    """Returns how many bytes a program can take now without another one giving way; None where that is not known."""
    found = [free for free in (_free_of_machine(), _free_of_group()) if free is not None]
    return min(found, default=None)


def _per_example(experiment: Experiment) -> int:
    """Returns how many numbers a step keeps of each example."""
    network = experiment.network
    if isinstance(network, Recurrent):
        ends = network.output_steps * (network.width + 5 * network.outputs)
        return network.steps * (network.width * (2 * network.gates + 2) + network.inputs) + ends
    units = sum(network.widths[1:])
    return (3 + _arrays_of_options(network)) * units + 5 * max(network.widths) + network.inputs + network.outputs


def _bytes_to_measure(experiment: Experiment, size: int) -> int:
    """Returns how many bytes more of each example it takes to measure a step, with numbers of `size` bytes."""
    network = experiment.network
    if not isinstance(network, Recurrent):
        return size * _per_example(experiment)
    kept, looked_at = network.width * (4 * network.gates + 3) + network.inputs, network.width * (7 * network.gates + 1)
    return network.steps * (size * kept + np.dtype(np.float64).itemsize * looked_at)


def _arrays_of_options(network: FeedForward) -> int:
    """Returns how many arrays like h options add: z and dL/dh in any case, and what each option keeps."""
    if network.is_plain:
        return 0
    layers = network.layers
    is_normalised, drops = (
        any(layer.normalisation != "none" for layer in layers),
        any(layer.dropout for layer in layers),
    )
    has_skip, has_gate = (any(isinstance(layer.skip, kind) for layer in layers) for kind in (Skip, Highway))
    return 2 + 2 * is_normalised + drops + has_skip + 2 * has_gate


def _is_sparse(network: FeedForward) -> bool:
    return any(layer.sources is not None for layer in network.layers)


def _free_of_machine() -> int | None:
    if sys.platform == "win32":
        return _free_of_windows()
    try:
        lines = dict(line.split(":", 1) for line in _MEMINFO.read_text().splitlines())
        return int(lines["MemAvailable"].split()[0]) * 1024
    except (OSError, KeyError, ValueError):
        pass
    try:  # macOS tells how much there is, not how much is free
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (OSError, ValueError):
        return None


def _free_of_group() -> int | None:
    """Returns what a container has left (Linux control groups, version 2); files it has read can be given back."""
    try:
        limit, used = ((_GROUP / f"memory.{name}").read_text().strip() for name in ("max", "current"))
        statistics = dict(line.split() for line in (_GROUP / "memory.stat").read_text().splitlines())
        return int(limit) - int(used) + int(statistics["inactive_file"])
    except (OSError, KeyError, ValueError):  # no container, or one without a limit ("max")
        return None


def _free_of_windows() -> int | None:
    class Status(ctypes.Structure):
        _fields_ = (
            ("length", ctypes.c_ulong),
            ("load", ctypes.c_ulong),
            *((name, ctypes.c_ulonglong) for name in ("total", "free", "b", "c", "d", "e", "f")),
        )

    status = Status(length=ctypes.sizeof(Status))
    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009 - exists on Windows only
    return int(status.free) if kernel.GlobalMemoryStatusEx(ctypes.byref(status)) else None


def _gigabytes(count: int) -> str:
    return f"{count / 1e9:,.1f} GB"
