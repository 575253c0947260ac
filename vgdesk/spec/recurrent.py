"""Recurrent networks: one cell that reads a sequence step by step, and an output that reads the cell's state.

Time steps count from 1 (the earliest) to T. With x_t the inputs of step t and h_0 = c_0 = 0 (conventions, lines 6-7):

    rnn         h_t = phi(W_ih x_t + W_hh h_{t-1} + b)                 IRNN: phi = ReLU, W_hh starts as the identity
    lstm        i, f, o = sigmoid, g = tanh of (W_ih x_t + W_hh h_{t-1} + b), a quarter each, in the order i, f, g, o
                c_t = f * c_{t-1} + i * g,   h_t = o * tanh(c_t)
    gru         r, z = sigmoid of the first two thirds, in the order r, z, n
                n = tanh(W_in x_t + b_in + r * (W_hn h_{t-1} + b_hn))  reset "after" the product
                n = tanh(W_in x_t + W_hn (r * h_{t-1}) + b_in)         reset "before" it
                h_t = (1 - z) * n + z * h_{t-1}
    output      y_t = phi_out(W_out h_t + b_out) at the last `output_steps` steps

Sources: Hochreiter & Schmidhuber 1997 with the forget gate of Gers et al. 2000; Cho et al. 2014; Le et al. 2015.
"""

from vgdesk.errors import SpecError
from vgdesk.spec.activation import ACTIVATIONS, require_activation
from vgdesk.spec.base import Spec, require_choice, require_finite, require_integer
from vgdesk.spec.initialisation import Explicit, Initialisation
from vgdesk.spec.layer import MAX_WIDTH

MAX_TIME_STEPS = 1000
RESETS = ("after", "before")
FIXED_ACTIVATIONS = tuple(name for name in ACTIVATIONS if name != "prelu")
"""Those without a parameter that is learned."""


class VanillaCell(Spec, frozen=True, tag="rnn", tag_field="kind"):
    """Is the simple cell of Elman 1990, with any of `FIXED_ACTIVATIONS`."""

    activation: str = "tanh"

    def __post_init__(self) -> None:
        require_activation("activation", self.activation, FIXED_ACTIVATIONS)


class Lstm(Spec, frozen=True, tag="lstm", tag_field="kind"):
    """Is the long short-term memory cell; `forget_bias` is where the forget gate's bias starts."""

    forget_bias: float = 1.0

    def __post_init__(self) -> None:
        require_finite("forget_bias", self.forget_bias, -100.0, 100.0)


class Gru(Spec, frozen=True, tag="gru", tag_field="kind"):
    """Is the gated recurrent unit; `reset` says whether its reset gate acts after the recurrent product or before."""

    reset: str = "after"

    def __post_init__(self) -> None:
        require_choice("reset", self.reset, RESETS)


Cell = VanillaCell | Lstm | Gru
CELL_WORDS = {"rnn": "RNN", "lstm": "LSTM", "gru": "GRU"}


class Recurrent(Spec, frozen=True, tag="recurrent", tag_field="kind"):
    """Describes a recurrent network.

    Attributes
    ----------
    inputs
        Number of input values at each time step.
    steps
        Number of time steps, T.
    width
        Number of units of the cell.
    outputs
        Number of output values.
    cell
        Which cell.
    output_activation
        One of `FIXED_ACTIVATIONS`, or "formula: " and a formula in z.
    output_steps
        The output is read, and the loss taken, at the last so many time steps.
    recurrent_initialisation
        How W_hh is drawn, gate by gate; None means like the other weights.
    """

    inputs: int
    steps: int
    width: int
    outputs: int
    cell: Cell = VanillaCell()
    output_activation: str = "identity"
    output_steps: int = 1
    recurrent_initialisation: Initialisation | None = None

    def __post_init__(self) -> None:
        require_integer("inputs", self.inputs, 1, MAX_WIDTH)
        require_integer("steps of the network", self.steps, 1, MAX_TIME_STEPS)
        require_integer("width", self.width, 1, MAX_WIDTH)
        require_integer("outputs", self.outputs, 1, MAX_WIDTH)
        require_activation("output_activation", self.output_activation, FIXED_ACTIVATIONS)
        require_integer("output_steps", self.output_steps, 1, self.steps)
        if isinstance(self.recurrent_initialisation, Explicit):
            raise SpecError("recurrent_initialisation must be a rule, not given numbers")

    @property
    def cell_kind(self) -> str:
        """Which cell, as a word: "rnn", "lstm" or "gru"."""
        return str(self.cell.__struct_config__.tag)

    @property
    def gates(self) -> int:
        """How many blocks of `width` rows W_ih, W_hh and b have: 1, 4 (i, f, g, o) or 3 (r, z, n)."""
        return {"rnn": 1, "lstm": 4, "gru": 3}[self.cell_kind]

    @property
    def has_second_bias(self) -> bool:
        """Whether there is b_hn: in a GRU whose reset acts after the product."""
        return isinstance(self.cell, Gru) and self.cell.reset == "after"
