"""A network as kernels hold it: its description, its parameters, and the rooms in which batches are worked on."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from vgdesk.kernels import feed_forward
from vgdesk.kernels.clipping import Cap
from vgdesk.kernels.layout import MIXED, Record, Workspace, build_record, build_wiring, build_workspace
from vgdesk.kernels.lent import Lent
from vgdesk.kernels.losses import LOSS_CODES
from vgdesk.kernels.network import Network, completed_others, other_shapes, require_network, require_parameters
from vgdesk.kernels.options import Options, build_moments, build_options, no_options
from vgdesk.kernels.rules import PLAIN_DESCENT, Rule
from vgdesk.kernels.threads import one_blas_thread
from vgdesk.kernels.trained import build_trained

_NO_UPDATE = np.zeros(0)


class Room(NamedTuple):
    """Is the memory of one batch size; `options` is None for a plain network.

    `lent` is `work` for the kernel, and `lent_options` are the options by the modes they were asked for in so far.
    """

    work: Workspace
    options: Options | None
    lent: Lent
    lent_options: "dict[Mode, Lent]"


class Mode(NamedTuple):
    """Says how options behave: whether dropout drops, running moments move, or stand in for the batch's."""

    drops: int
    learns: int
    remembers: int


TRAINING = Mode(1, 1, 0)
REHEARSAL = Mode(1, 0, 0)
"""The training step as it will be, without a trace in the running moments."""
DIFFERENTIATION = Mode(0, 0, 0)
ANSWER = Mode(0, 0, 1)
"""As new examples are answered."""


class Outcome(NamedTuple):
    """Is what a call of the kernel left: its record, how many rows of it, and whether all were finite."""

    record: Record
    recorded: int
    finite: bool


class Assembly:
    """Holds one network and its parameters, ready for any batch.

    Raises ValueError when parameters do not fit the network, or the network does not fit itself.
    """

    def __init__(
        self,
        network: Network,
        weights: Sequence[np.ndarray],
        biases: Sequence[np.ndarray],
        others: Mapping[str, np.ndarray] | None,
        precision: str,
        rule: Rule = PLAIN_DESCENT,
        seed: int = 0,
    ) -> None:
        require_network(network)
        require_parameters(network, weights, biases)
        given = completed_others(network, others)
        self.network, self.dtype, self._seed = network, np.dtype(precision), seed
        masks, learns = network.masks, network.learns_bias
        self.wiring = build_wiring(network.widths, network.activations, masks, self.dtype, learns)
        self.wiring.activations[[bool(own) for own in network.unit_activations]] = MIXED
        self.trained = build_trained(rule, (weights, biases, tuple(given.values())), self.dtype)
        self.moments = build_moments(self.wiring)
        self._lent_wiring, self._lent_trained = Lent(self.wiring), Lent(self.trained)
        trained = self.trained
        self._lent_successor = Lent(trained._replace(parameters=trained.gradient, gradient=trained.parameters))
        self._lent_rule = Lent(rule)
        self._no_options = Lent(no_options(self.wiring, self.dtype))
        self._row = build_record(1, len(network.activations))
        self._lent_row = Lent(self._row)  # to lend arrays anew took a fourth of the time of a single step

    def room(self, batch: int, keep_preactivations: bool = False) -> Room:
        """Allocates what a batch of this size needs; layers with options always keep their z."""
        network, options = self.network, None
        if not network.is_plain:
            names, keep_preactivations = tuple(other_shapes(network)), True
            options = build_options(network, self.wiring, names, self.moments, batch, self.dtype, self._seed)
        work = build_workspace(self.wiring, batch, self.dtype, keep_preactivations)
        return Room(work, options, Lent(work), {})

    def run(
        self,
        room: Room,
        mode: Mode,
        inputs: np.ndarray,
        targets: np.ndarray,
        rows: np.ndarray,
        rates: np.ndarray = _NO_UPDATE,
        cap: Cap | None = None,
    ) -> Outcome:
        """Makes one step per line of `rows`; without `rates` no parameter changes."""
        record = self._row if len(rows) == 1 else build_record(len(rows), len(self.network.activations))
        lent_record = self._lent_row if record is self._row else Lent(record)
        code, cap = LOSS_CODES[self.network.loss], Cap() if cap is None else cap
        with one_blas_thread():
            recorded, finite = feed_forward.train(
                self._lent_wiring,
                self._lent_options(room, mode),
                code,
                self._lent_rule,
                cap,
                rates,
                self._lent_trained,
                self._lent_successor,
                inputs,
                targets,
                rows,
                room.lent,
                lent_record,
            )
        return Outcome(Record(*map(np.copy, record)) if record is self._row else record, recorded, finite)

    def _lent_options(self, room: Room, mode: Mode) -> Lent:
        if room.options is None:
            return self._no_options
        if mode not in room.lent_options:
            room.lent_options[mode] = Lent(room.options._replace(**mode._asdict()))
        return room.lent_options[mode]

    def cut_parameters(self, flat: np.ndarray) -> tuple[tuple[np.ndarray, ...], tuple[np.ndarray, ...]]:
        """Cuts weights and biases out of an array that is flat like the parameters; copies, float64."""
        widths, first_bias = self.network.widths, int(self.trained.start[len(self.network.activations)])
        shapes = [(above, below) for below, above in pairwise(widths)]
        return _cut(flat, shapes), _cut(flat[first_bias:], [(width,) for width in widths[1:]])

    def cut_others(self, flat: np.ndarray) -> dict[str, np.ndarray]:
        """Cuts the other parameters out of the same; copies, float64."""
        shapes, first = other_shapes(self.network), 2 * len(self.network.activations)
        if not shapes:
            return {}
        parts = _cut(flat[int(self.trained.start[first]) :], list(shapes.values()))
        return dict(zip(shapes, parts, strict=True))

    def cut_units(self, flat: np.ndarray, batch: int) -> tuple[np.ndarray, ...]:
        """Cuts an array with one number per example and unit into layers; copies, float64."""
        return _cut(flat, [(batch, width) for width in self.network.widths[1:]])

    def converted(self, array: np.ndarray) -> np.ndarray:
        """Copies an array into the number format of the parameters."""
        with np.errstate(over="ignore"):  # what exceeds float32 is infinite there, and the run says so
            return np.array(array, self.dtype, order="C")


def _cut(flat: np.ndarray, shapes: Sequence[tuple[int, ...]]) -> tuple[np.ndarray, ...]:
    ends = np.cumsum([int(np.prod(shape)) for shape in shapes])
    parts = np.split(flat[: ends[-1]], ends[:-1])
    return tuple(part.reshape(shape).astype(np.float64) for part, shape in zip(parts, shapes, strict=True))
