"""How much of a recurrent network is drawn: units, time steps, sequences and networks, for some 40 to 80 ms.

The narrower a cell, the more networks; the longer its sequence, the fewer, and beyond `LONGEST` steps its middle is
left out, but where the state may grow (`vgdesk.theory.drawn_time`).
"""

import math

import numpy as np

from vgdesk.spec.activation import facts_of
from vgdesk.spec.recurrent import Cell, Lstm, VanillaCell
from vgdesk.theory.drawn_sequences import Law, gates_of

WIDEST = 128
"""Beyond, drawing costs more than it tells; units that do not mix are drawn whatever their number."""
LONGEST = 96
"""So many time steps are run of units that mix."""
MOST_LONE, LEAST_LONE = 512, 128
"""So many are drawn of units that do not mix, fewer of long sequences: what each adds to the gradient is its own."""
SEQUENCES, _LONE_SEQUENCES = 2, 8
_MOST_DRAWS, _ENOUGH_DRAWS, LEAST_DRAWS = 96, 16, 8
_WORK, _SLOW_WORK, _LONE_WORK = 1_300_000, 2_200_000, 4_000_000
"""How often a gate may be worked out, about 40 ms and 60: W_hh costs more than the gate itself."""


def steps_run(law: Law, steps: int) -> int:
    """Returns how many time steps are run of units that mix."""
    affordable = _SLOW_WORK // (LEAST_DRAWS * SEQUENCES * gates_of(law.cell) * law.width)
    if _is_slow(law.cell):
        return max(LONGEST, affordable)
    # a state that grows is run as a whole, or not at all
    return steps if steps <= affordable and not is_bounded(law.cell) else LONGEST


def draws_of(law: Law, x: np.ndarray) -> int:
    """Returns how many networks are run: the narrower and the shorter, the more."""
    one = x.shape[0] * x.shape[1] * gates_of(law.cell) * law.width
    work = _LONE_WORK if law.gain is not None else _SLOW_WORK if _is_slow(law.cell) else _WORK
    return min(_MOST_DRAWS, max(LEAST_DRAWS, work // one))


def lone_sequences(law: Law, steps: int) -> int:
    """Returns how many sequences are run of units that do not mix: the one with the largest gradient decides."""
    one = steps * gates_of(law.cell) * law.width * _ENOUGH_DRAWS
    return min(_LONE_SEQUENCES, max(SEQUENCES, _LONE_WORK // one))


def fewer(law: Law, steps: int) -> tuple[Law, float]:
    """Returns at most `MOST_LONE` units that do not mix, with outputs of the same size, and their share.

    Where slopes are 1 or next to nothing, that is: of 2000 tanh units one may have all of the gradient after 1000
    steps, and which it is of 512 says too little.
    """
    if not (isinstance(law.cell, VanillaCell) and facts_of(law.cell.activation).family in ("rectifying", "linear")):
        return law, 1.0
    affordable = _LONE_WORK // (LEAST_DRAWS * SEQUENCES * gates_of(law.cell) * steps)
    width = min(law.width, max(LEAST_LONE, min(affordable, MOST_LONE)))
    share = width / law.width
    return law._replace(width=width, on_output=law.on_output._replace(fan_in=law.on_output.fan_in * share)), share


def is_bounded(cell: Cell) -> bool:
    """Whether no state of the cell is larger than its activation allows."""
    return not isinstance(cell, VanillaCell) or facts_of(cell.activation).family == "saturating"


def _is_slow(cell: Cell) -> bool:
    """Whether c, which keeps 1 / (1 - f) steps, is still on its way to what it will be after an eighth of `LONGEST`."""
    return isinstance(cell, Lstm) and cell.forget_bias > math.log(LONGEST / 8 - 1)
