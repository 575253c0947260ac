"""What a training run records, and when: two objects, so that each can be chosen without the other.

A quantity has one number per *place* and recorded step. Places are the layers; of a recurrent network they are the
three weight matrices (W_ih, W_hh, W_out) for what belongs to weights, and the time steps 1 to T for what belongs to
signals.

| scale | meaning of a number |
|---|---|
| log10 | log10 of a magnitude; -inf = exactly zero, exact far outside the range of floats |
| share | 0 to 1 |
| number | as it is |
"""

import math
from typing import NamedTuple

from vgdesk.errors import SpecError
from vgdesk.spec.base import Spec, require_choice, require_finite, require_integer

WEIGHTS, SIGNALS = "weights", "signals"


class Quantity(NamedTuple):
    """Tells about a quantity.

    Attributes
    ----------
    words
        What people call it.
    places
        `WEIGHTS`: one number per weight matrix; `SIGNALS`: one per layer or time step.
    scale
        "log10", "share" or "number".
    networks
        Where it exists: names among "feed-forward", "rnn", "lstm", "gru".
    is_cheap
        Whether the trainer has it anyway, so that recording it costs nothing but memory.
    """

    words: str
    places: str
    scale: str
    networks: tuple[str, ...]
    is_cheap: bool = False

    @property
    def symbol(self) -> str:
        """What stands between bars at the end of the words, e.g. "∂L/∂W"; "" where nothing does."""
        _, bar, symbol = self.words.partition("|")
        return symbol[:-1] if bar and symbol.endswith("|") else ""

    @property
    def is_gradient(self) -> bool:
        """Whether it is the size of a gradient, and not of something else that is recorded beside it."""
        return self.symbol.startswith("∂L/∂")


_ALL = ("feed-forward", "rnn", "lstm", "gru")
_TIME = ("rnn", "lstm", "gru")

QUANTITIES: dict[str, Quantity] = {
    "weight": Quantity("gradient of the weights |∂L/∂W|", WEIGHTS, "log10", _ALL, True),
    "bias": Quantity("gradient of the biases |∂L/∂b|", WEIGHTS, "log10", _ALL, True),
    "delta": Quantity("gradient before the activation |∂L/∂z|", SIGNALS, "log10", _ALL, True),
    "state": Quantity("gradient after the activation |∂L/∂h|", SIGNALS, "log10", _ALL, True),
    "cell": Quantity("gradient of the cell |∂L/∂c|", SIGNALS, "log10", ("lstm",), True),
    "lag": Quantity("share of ∂L/∂W_hh from each time step", SIGNALS, "log10", _TIME),
    "weight-norm": Quantity("weights |W|", WEIGHTS, "log10", _ALL),
    "weight-change": Quantity("change since the start |W − W₀|", WEIGHTS, "log10", _ALL),
    "update": Quantity("update |ΔW|", WEIGHTS, "log10", _ALL),
    "saturated": Quantity("share of saturated units |φ'| < 0.01", SIGNALS, "share", _ALL),
    "dead": Quantity("share of units silent on the whole batch", SIGNALS, "share", _ALL),
    "activation-mean": Quantity("mean activation", SIGNALS, "number", _ALL),
    "activation-variance": Quantity("variance of the activations", SIGNALS, "number", _ALL),
    "input-gate": Quantity("mean input gate i", SIGNALS, "share", ("lstm",)),
    "forget-gate": Quantity("mean forget gate f", SIGNALS, "share", ("lstm",)),
    "output-gate": Quantity("mean output gate o", SIGNALS, "share", ("lstm",)),
    "reset-gate": Quantity("mean reset gate r", SIGNALS, "share", ("gru",)),
    "update-gate": Quantity("mean update gate z", SIGNALS, "share", ("gru",)),
    "cell-path": Quantity(
        "direct path ∏ f (LSTM) or ∏ z (GRU) from the step to the end", SIGNALS, "log10", ("lstm", "gru")
    ),
    "float32-lost": Quantity("share of ∂L/∂W that float32 would store as 0", WEIGHTS, "share", _ALL),
    "float16-lost": Quantity("share of ∂L/∂W that float16 would store as 0", WEIGHTS, "share", _ALL),
}
ALWAYS = ("weight", "delta", "state")
"""What every run records, so that every picture has its numbers."""


class Histogram(Spec, frozen=True):
    """Asks for histograms of z: shares of all z of a place in `bins` equal bins from low to high.

    Two further bins hold what lies below and above.
    """

    bins: int = 40
    low: float = -8.0
    high: float = 8.0

    def __post_init__(self) -> None:
        require_integer("bins", self.bins, 1, 200)
        require_finite("low", self.low, -1e6, 1e6)
        require_finite("high", self.high, -1e6, 1e6)
        if not self.low < self.high:
            raise SpecError(f"high must be above low = {self.low:g}, got {self.high:g}")


class What(Spec, frozen=True):
    """Says what is recorded besides `ALWAYS`: names of `QUANTITIES`, and histograms of z or none."""

    quantities: tuple[str, ...] = ()
    histogram: Histogram | None = None

    def __post_init__(self) -> None:
        for name in self.quantities:
            require_choice("quantities", name, tuple(QUANTITIES))
        if len(set(self.quantities)) != len(self.quantities):
            raise SpecError(f"quantities must be distinct, got {', '.join(self.quantities)}")


class EveryNth(Spec, frozen=True, tag="every", tag_field="kind"):
    """Records steps 0, n, 2n, ... and the last one; n = 1 is every step."""

    n: int = 1

    def __post_init__(self) -> None:
        require_integer("n", self.n, 1, 10_000_000)

    def is_due(self, step: int) -> bool:
        """Whether the step (counting from 0) is recorded."""
        return step % self.n == 0


class LogSpaced(Spec, frozen=True, tag="log-spaced", tag_field="kind"):
    """Records step 0 and then about `per_decade` steps from 1 to 10, from 10 to 100, ..., and the last one."""

    per_decade: int = 50

    def __post_init__(self) -> None:
        require_integer("per_decade", self.per_decade, 1, 10_000)

    def is_due(self, step: int) -> bool:
        """Whether the step (counting from 0) is recorded."""
        return step == 0 or self._ordinal(step) != self._ordinal(step - 1)

    def _ordinal(self, step: int) -> int:
        """Returns the last k whose mark 10^(k / per_decade) lies at or before the step; -1 before the first mark.

        Only powers of ten are marks and integers at once, and their logarithm is exact.
        """
        return math.floor(self.per_decade * math.log10(step)) if step else -1


When = EveryNth | LogSpaced


class Recording(Spec, frozen=True):
    """Says what a run records, and when."""

    what: What = What()
    when: When = EveryNth()
