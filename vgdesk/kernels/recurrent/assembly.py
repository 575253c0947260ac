"""A recurrent network as kernels hold it: its description, its parameters, and room for batches to be worked on."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from vgdesk.kernels.clipping import Cap
from vgdesk.kernels.lent import Lent
from vgdesk.kernels.losses import LOSS_CODES
from vgdesk.kernels.recurrent import through_time
from vgdesk.kernels.recurrent.layout import Record, Shape, build_parameters, build_record, build_shape
from vgdesk.kernels.recurrent.network import RecurrentNetwork, require_parameters, require_recurrent
from vgdesk.kernels.recurrent.room import Room, build_room
from vgdesk.kernels.rules import PLAIN_DESCENT, Rule
from vgdesk.kernels.threads import one_blas_thread

_NO_UPDATE = np.zeros(0)


class Place(NamedTuple):
    """Is a network for one batch size, and its memory; the rest is both for the kernel."""

    shape: Shape
    room: Room
    lent_shape: Lent
    lent_room: Lent


class Outcome(NamedTuple):
    """Is what a call of the kernel left: its record, how many rows of it, and whether all were finite."""

    record: Record
    recorded: int
    finite: bool


class RecurrentAssembly:
    """Holds one network and its parameters, ready for any batch; raises ValueError when they do not fit."""

    def __init__(
        self,
        network: RecurrentNetwork,
        parameters: Mapping[str, np.ndarray],
        precision: str,
        rule: Rule = PLAIN_DESCENT,
    ) -> None:
        require_recurrent(network)
        require_parameters(network, parameters)
        self.network, self.dtype = network, np.dtype(precision)
        self.trained = build_parameters(network, parameters, rule, self.dtype)
        self._lent, self._lent_rule = Lent(self.trained), Lent(rule)
        self._row = build_record(1, build_shape(network, 1))
        self._lent_row = Lent(self._row)  # as of `kernels.assembly.Assembly`

    def place(self, batch: int, keeps_deltas: bool = False, is_blank: bool = True) -> Place:
        """Allocates what a batch of this size needs; `is_blank` says that h_0 stays zero."""
        shape = build_shape(self.network, batch, is_blank)
        room = build_room(shape, self.dtype, keeps_deltas)
        return Place(shape, room, Lent(shape), Lent(room))

    def run(
        self,
        place: Place,
        inputs: np.ndarray,
        targets: np.ndarray,
        rows: np.ndarray,
        rates: np.ndarray = _NO_UPDATE,
        cap: Cap | None = None,
    ) -> Outcome:
        """Makes one step per line of `rows`, examples as `converted` returns them; without `rates` nothing changes."""
        record = self._row if len(rows) == 1 else build_record(len(rows), place.shape)
        lent_record = self._lent_row if record is self._row else Lent(record)
        code, cap = LOSS_CODES[self.network.loss], Cap() if cap is None else cap
        with one_blas_thread():
            recorded, finite = through_time.train(
                place.lent_shape,
                code,
                self._lent_rule,
                cap,
                rates,
                self._lent,
                inputs,
                targets,
                rows,
                place.lent_room,
                lent_record,
            )
        return Outcome(Record(*map(np.copy, record)) if record is self._row else record, recorded, finite)

    def converted(self, array: np.ndarray) -> np.ndarray:
        """Copies sequences into the parameters' number format, one flat row for each."""
        with np.errstate(over="ignore"):  # what exceeds float32 is infinite there, and the run says so
            return np.array(array, self.dtype, order="C").reshape(len(array), -1)
