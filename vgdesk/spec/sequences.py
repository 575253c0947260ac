"""Tasks over time: an answer at the end depends on inputs long before it.

All are drawn from the experiment's seed. Sources: Hochreiter & Schmidhuber 1997 (adding, experiment 4; temporal order,
experiment 6a); Arjovsky, Shah & Bengio 2016 (copying memory, and adding with one mark in each half).
"""

from vgdesk.errors import SpecError
from vgdesk.spec.base import Spec, require_finite, require_integer
from vgdesk.spec.recurrent import MAX_TIME_STEPS

MAX_SEQUENCES = 100_000
MAX_NUMBERS = 50_000_000
"""In the inputs of a whole task: 400 MB."""


class AddingProblem(Spec, frozen=True, tag="adding", tag_field="kind"):
    """Asks for the sum of the two marked numbers: inputs (number in [0, 1], mark 0 or 1), one mark in each half.

    Always answering 1 has a mean squared error of 1/6 = 0.1667, the variance of the sum of two uniform numbers; a
    network that remembers gets below it. The first half is the shorter one where `length` is odd.

    Attributes
    ----------
    length
        Number of time steps.
    count
        Number of sequences.
    """

    length: int = 50
    count: int = 1000

    def __post_init__(self) -> None:
        require_integer("length", self.length, 2, MAX_TIME_STEPS)
        require_integer("count", self.count, 1, MAX_SEQUENCES)
        _require_room(self.count, self.length, 2)


class CopyMemory(Spec, frozen=True, tag="copy-memory", tag_field="kind"):
    """Asks for a string of symbols again after a delay: string, blanks, a call, and blanks while it answers.

    A sequence has length + delay + length steps: the string, `delay` steps of which the last is the call, and the
    answer. Inputs are one-hot: the symbols, the blank, the call. Targets are one-hot symbols at the last `length`
    steps. Whoever remembers nothing has a cross-entropy of ln(symbols), 2.08 for 8.

    Attributes
    ----------
    delay
        Time steps between the string and the answer.
    length
        Number of symbols in the string.
    symbols
        Number of different symbols.
    count
        Number of sequences.
    """

    delay: int = 20
    length: int = 5
    symbols: int = 8
    count: int = 1000

    def __post_init__(self) -> None:
        require_integer("delay", self.delay, 1, MAX_TIME_STEPS)
        require_integer("length", self.length, 1, 100)
        require_integer("symbols", self.symbols, 2, 100)
        require_integer("count", self.count, 1, MAX_SEQUENCES)
        if self.steps > MAX_TIME_STEPS:
            raise SpecError(f"delay + 2 length must be at most {MAX_TIME_STEPS}, got {self.steps}")
        _require_room(self.count, self.steps, self.symbols + 2)

    @property
    def steps(self) -> int:
        """Number of time steps of a sequence."""
        return self.delay + 2 * self.length


class TemporalOrder(Spec, frozen=True, tag="temporal-order", tag_field="kind"):
    """Asks in which order two rare symbols came: XX, XY, YX or YY.

    A sequence is a start symbol, distractors a, b, c, d with X or Y at two places (one within the second tenth, one
    within the sixth), and an end symbol: 8 one-hot inputs in the order a, b, c, d, X, Y, start, end; 4 classes in
    the order XX, XY, YX, YY. Guessing is right in a quarter of the cases and has a cross-entropy of ln 4 = 1.39.

    Attributes
    ----------
    length
        Number of time steps.
    count
        Number of sequences.
    """

    length: int = 100
    count: int = 1000

    def __post_init__(self) -> None:
        require_integer("length", self.length, 10, MAX_TIME_STEPS)
        require_integer("count", self.count, 1, MAX_SEQUENCES)
        _require_room(self.count, self.length, 8)


class SequenceExamples(Spec, frozen=True, tag="sequence-examples", tag_field="kind"):
    """Lists sequences: `inputs[example][time step][input]` and `targets[example][output step][output]`."""

    inputs: tuple[tuple[tuple[float, ...], ...], ...]
    targets: tuple[tuple[tuple[float, ...], ...], ...]

    def __post_init__(self) -> None:
        require_integer("number of examples", len(self.inputs), 1, MAX_SEQUENCES)
        if len(self.targets) != len(self.inputs):
            raise SpecError(f"targets must hold {len(self.inputs)} sequences like inputs, got {len(self.targets)}")
        for field, sequences in (("inputs", self.inputs), ("targets", self.targets)):
            for number, sequence in enumerate(sequences, start=1):
                _require_rectangle(f"sequence {number} of {field}", sequence, sequences[0])


Sequences = AddingProblem | CopyMemory | TemporalOrder | SequenceExamples


def _require_room(count: int, steps: int, inputs: int) -> None:
    if count * steps * inputs > MAX_NUMBERS:
        most = MAX_NUMBERS // (steps * inputs)
        raise SpecError(f"count must be at most {most:,} for {steps:,} time steps of {inputs} inputs, got {count:,}")


def _require_rectangle(name: str, rows: tuple[tuple[float, ...], ...], first: tuple[tuple[float, ...], ...]) -> None:
    if not first or not first[0]:
        raise SpecError(f"{name} must hold at least one time step and one number")
    if len(rows) != len(first):
        raise SpecError(f"{name} must hold {len(first)} time steps like the first, got {len(rows)}")
    for number, row in enumerate(rows, start=1):
        if len(row) != len(first[0]):
            raise SpecError(f"step {number} of {name} must hold {len(first[0])} numbers, got {len(row)}")
        for value in row:
            require_finite(f"step {number} of {name}", value)
