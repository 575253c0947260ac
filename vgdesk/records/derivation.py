"""A derivation: ordered steps of ordered lines, and the factors that occur in them.

Each factor knows its symbol, its closed form, its value and the place in the network it belongs to, so that formula,
diagram, table and plot can light up together.
"""

from enum import StrEnum

import msgspec
import numpy as np

from vgdesk.records.formula import Formula
from vgdesk.records.place import Place as Place
from vgdesk.records.place import PlaceKind as PlaceKind


class Factor(msgspec.Struct, frozen=True, kw_only=True):
    """Is one factor of the gradient's product.

    Attributes
    ----------
    id
        Unique in the derivation: "d1", "d2", ...
    symbol
        Its short name as printed, e.g. d_1.
    meaning
        What it stands for, e.g. the partial of L by Awareness.
    closed_form
        The formula its value comes from.
    value
        Its number at the current parameters, as a float64.
    number
        The same as it is shown; it keeps its exponent where float64 would make it 0 or infinite.
    place
        What lights up in the diagram with it.
    spoken
        The name read aloud: "the partial of L by Awareness".
    numbers
        The closed form with numbers, where the views tell of the factor; None where that is the number itself.
    """

    id: str
    symbol: Formula
    meaning: Formula
    closed_form: Formula
    value: float
    number: Formula
    place: Place
    spoken: str = ""
    numbers: Formula | None = None


class Contribution(msgspec.Struct, frozen=True, kw_only=True):
    """Is what one use of a shared parameter adds to its gradient: the product of its factors.

    Attributes
    ----------
    factors
        Their ids, nearest the loss first.
    place
        Where the parameter is used: of a recurrent network its layer is the time step.
    value
        The product, as a float64.
    number
        The same as it is shown.
    """

    factors: tuple[str, ...]
    place: Place
    value: float
    number: Formula


class StepKind(StrEnum):
    """Which part of the story a step tells."""

    CHAIN_RULE = "chain-rule"
    NAME = "name"
    SUBSTITUTE = "substitute"
    RESULT = "result"
    EXPAND = "expand"
    FORWARD = "forward"
    LOSS = "loss"
    UPDATE = "update"


FOLDED = "more"
"""The ink of dots or a product sign that stand for terms which are folded: no factor's id."""


class DerivationStep(msgspec.Struct, frozen=True, kw_only=True):
    """Is one step: a title, its lines in order, and an optional sentence. `detail` steps are folded at first.

    `unfolded` are the lines with every term, where `lines` fold some of them behind `FOLDED`; else empty. `layer` is
    the one whose backward rule the step tells (of a recurrent network: the time step), else 0. `route` is what the note
    names in turn where it tells of a path.
    """

    kind: StepKind
    title: str
    lines: tuple[Formula, ...]
    note: str = ""
    detail: bool = False
    unfolded: tuple[Formula, ...] = ()
    layer: int = 0
    route: tuple[Formula, ...] = ()


class NetworkState(msgspec.Struct, frozen=True, kw_only=True):
    """Is one example's forward and backward pass through a small network, for the diagram.

    Of a recurrent network it is the forward pass alone: h_t per time step; the inputs at index 0, of which each time
    step has its own, and everything of layers are empty.

    Attributes
    ----------
    activations
        h per layer *including the input at index 0*, shape (units,).
    weights, weight_gradients
        W and dL/dW per layer, shape (units, units below).
    biases, deltas
        b (0 where a layer has none) and dL/dz per layer, shape (units,).
    loss
        The example's loss.
    """

    activations: tuple[np.ndarray, ...]
    weights: tuple[np.ndarray, ...]
    weight_gradients: tuple[np.ndarray, ...]
    biases: tuple[np.ndarray, ...]
    deltas: tuple[np.ndarray, ...]
    loss: float


class OfExample(msgspec.Struct, frozen=True, kw_only=True):
    """Is anything that is told of one example.

    Attributes
    ----------
    example, examples
        Which example's loss is differentiated, counting from 1, and how many the task has to train on; 0 and 1 where
        there is but one, or where the loss is the mean over all of them.
    """

    example: int = 0
    examples: int = 1

    @property
    def whose(self) -> str:
        """Says of which of several examples it is: "example 1 of 4", "" where there is nothing to be confused."""
        return f"example {self.example:,} of {self.examples:,}" if self.example else ""

    @property
    def result_title(self) -> str:
        """Title of the step that ends in the gradient.

        Training's gradient is the mean over all examples, another number: the check beside the result is of that mean.
        """
        return f"Result, {self.whose}" if self.example else "Result"


class Derivation(OfExample, frozen=True, kw_only=True):
    """Is the chain-rule derivation of dL/d(wrt) for one example.

    Attributes
    ----------
    experiment
        Name of the experiment.
    title
        Title of the experiment.
    wrt
        Name of the weight or bias, e.g. "w1".
    wrt_symbol
        The same as a formula.
    wrt_place
        Its edge or bias.
    value
        dL/d(wrt): the product of the factors' values.
    log10_magnitude
        log10 |dL/d(wrt)|, true also where `value` is 0 or infinite; -inf for an exact zero.
    factors
        In the order of the product, latest (nearest the loss) first.
    contributions
        The terms of the sum where several uses of the parameter (time steps, examples) add up, nearest the loss first;
        empty where the gradient is the product of all factors.
    steps
        The main steps, then the foldable details.
    state
        The forward and backward pass behind the numbers; None for a layer of a deep network.
    loss
        The loss behind the numbers; None for a layer of a deep network.
    hot_path
        Edges and units through which this gradient flows, for the diagram.
    """

    experiment: str
    title: str
    wrt: str
    wrt_symbol: Formula
    wrt_place: Place
    value: float
    log10_magnitude: float
    factors: tuple[Factor, ...]
    steps: tuple[DerivationStep, ...]
    state: NetworkState | None = None
    hot_path: tuple[Place, ...] = ()
    loss: float | None = None
    contributions: tuple[Contribution, ...] = ()


class CheckRow(msgspec.Struct, frozen=True, kw_only=True):
    """Compares one parameter's gradient over the routes; relative errors are against the symbolic value,
    nan where there is nothing to compare.

    `agrees` is False where an error is larger than its route's digits allow. At a kink the central difference is the
    mean of the slopes on its two sides: where it is not the gradient `relative_error_central` is None, and
    `slope_below` and `slope_above` are those of the loss for a smaller and for a larger value of the parameter.
    """

    name: str
    symbolic: float
    backpropagated: float
    central_difference: float
    relative_error_backpropagated: float
    relative_error_central: float | None
    agrees: bool = True
    slope_below: float | None = None
    slope_above: float | None = None


class Verification(msgspec.Struct, frozen=True, kw_only=True):
    """Says whether symbolic, back-propagated and finite-difference gradients agree at the current parameters.

    Attributes
    ----------
    experiment
        Name of the experiment.
    rows
        One per parameter.
    passed
        Whether all rows agree and no slope tells of a wrong gradient.
    worst
        The parameter whose gradients differ most.
    sentence
        The outcome, for people.
    largest_error_backpropagated, largest_error_central
        Largest relative error of each route over the parameters; None where no central difference counts.
    taylor_symbolic, taylor_backpropagated
        Slope of the Taylor remainder with the gradient of that route: 2 where it is right, 1 where it is wrong (see
        `vgdesk.study.taylor`). None where there is none to be measured: at a kink, or when the loss is linear.
    examples
        The gradients are of the mean loss of so many examples, the first ones of those a derivation counts from 1.
    at_kink
        Whether some unit stands at a kink, where the central difference does not count.
    """

    experiment: str
    rows: tuple[CheckRow, ...]
    passed: bool
    worst: str
    sentence: str
    largest_error_backpropagated: float = 0.0
    largest_error_central: float | None = 0.0
    taylor_symbolic: float | None = None
    taylor_backpropagated: float | None = None
    examples: int = 1
    at_kink: bool = False
