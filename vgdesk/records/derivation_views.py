"""Other ways to look at one gradient than step by step: path by path, layer by layer as matrices, factor by factor.

Every number stands twice: as a float64, and as log10 with a sign, which is true also where the float64 is 0 or
infinite.
"""

import msgspec
import numpy as np

from vgdesk.records.derivation import Factor, OfExample, Place
from vgdesk.records.formula import Formula


class GradientPath(msgspec.Struct, frozen=True, kw_only=True):
    """Is one way from the parameter to the loss: the product of the local derivatives along it.

    Attributes
    ----------
    factors
        Ids of the local derivatives, nearest the loss first.
    places
        What lies on the way, from the parameter to the loss.
    value, log10_magnitude, sign
        The product as a float64, log10 of its magnitude (-inf for an exact zero), and its sign: -1, 0 or 1.
    number
        The product as it is shown.
    share
        The product divided by the gradient; None where the gradient is 0. Shares add up to 1, and where paths cancel
        some are negative and some larger than 1.
    """

    factors: tuple[str, ...]
    places: tuple[Place, ...]
    value: float
    log10_magnitude: float
    sign: int
    number: Formula
    share: float | None


class PathView(OfExample, frozen=True, kw_only=True, tag=True):
    """Is dL/d(wrt) as the sum over all paths from the parameter to the loss.

    Attributes
    ----------
    experiment, title, wrt, wrt_symbol, wrt_place
        As of a `vgdesk.records.derivation.Derivation`.
    value, log10_magnitude, number
        The sum over all paths, whether listed or not: the gradient.
    factors
        Every local derivative that a listed path has, once each.
    paths
        The listed ones, largest magnitude first.
    path_digits, zero_digits
        How many paths there are and how many of them are exactly 0, as decimal digits: the numbers may be
        astronomical; see `count` and `zeros`.
    rest
        What the paths that are not listed add up to.
    rest_number
        The same as it is shown.
    """

    experiment: str
    title: str
    wrt: str
    wrt_symbol: Formula
    wrt_place: Place
    value: float
    log10_magnitude: float
    number: Formula
    factors: tuple[Factor, ...]
    paths: tuple[GradientPath, ...]
    path_digits: str
    zero_digits: str
    rest: float
    rest_number: Formula

    @property
    def count(self) -> int:
        """Number of all paths, exact."""
        return int(self.path_digits)

    @property
    def zeros(self) -> int:
        """Number of the paths whose product is exactly 0, exact."""
        return int(self.zero_digits)


class NamedArray(msgspec.Struct, frozen=True, kw_only=True):
    """Is a vector or matrix of the backward rule, to be unfolded to its entries.

    Attributes
    ----------
    symbol
        What it is called in the rule, not transposed.
    entries, numbers
        Its entries in closed form, and in numbers.
    layer
        The layer or time step it belongs to.
    """

    symbol: Formula
    entries: Formula
    numbers: Formula
    layer: int


class MatrixStep(msgspec.Struct, frozen=True, kw_only=True):
    """Is one application of the backward rule: delta of one layer, or of one time step, from those above.

    Attributes
    ----------
    layer
        The layer or time step, counting from 1 at the input.
    title
        What the step is about.
    rule
        The rule in symbols, e.g. delta^(1) = (W^(2))^T delta^(2) . phi'(z^(1)).
    shapes
        The same with the shape of every array in its place.
    numbers
        The same with its numbers.
    scalars
        The rule unit by unit, in symbols and numbers.
    delta
        dL/dz, shape (units,).
    log10_delta
        log10 of its magnitudes, true where `delta` underflows.
    arrays
        What the rule multiplies, as far as its entries can be told, without delta itself.
    """

    layer: int
    title: str
    rule: Formula
    shapes: Formula
    numbers: Formula
    scalars: tuple[Formula, ...]
    delta: np.ndarray
    log10_delta: np.ndarray
    arrays: tuple[NamedArray, ...] = ()


class MatrixView(OfExample, frozen=True, kw_only=True, tag=True):
    """Is the backward pass in matrices, from the loss down to the layer of the parameter.

    Attributes
    ----------
    experiment, title, wrt, value, log10_magnitude
        As of a `vgdesk.records.derivation.Derivation`.
    steps
        One per layer or time step, nearest the loss first.
    result
        How the gradient of the parameter's array follows, in symbols and numbers, and the parameter's own entry.
    arrays
        What is multiplied there besides delta, as far as its entries can be told.
    """

    experiment: str
    title: str
    wrt: str
    value: float
    log10_magnitude: float
    steps: tuple[MatrixStep, ...]
    result: tuple[Formula, ...]
    arrays: tuple[NamedArray, ...] = ()


class LedgerRow(msgspec.Struct, frozen=True, kw_only=True):
    """Is what one factor does to the product.

    Attributes
    ----------
    factor
        The factor itself: symbol, closed form, value.
    log10_factor
        log10 of its magnitude; negative: it makes the gradient smaller, -inf: it is exactly 0.
    running, log10_running
        The product up to and including this factor, as a float64 and as log10 of its magnitude.
    running_number
        The same as it is shown.
    """

    factor: Factor
    log10_factor: float
    running: float
    log10_running: float
    running_number: Formula

    @property
    def log10_lost(self) -> float:
        """Decimal orders of magnitude that this factor takes away; negative where it adds some."""
        return 0.0 - self.log10_factor


class Ledger(OfExample, frozen=True, kw_only=True, tag=True):
    """Is the running product of a gradient's factors, nearest the loss first.

    Attributes
    ----------
    experiment, title, wrt, wrt_symbol
        As of a `vgdesk.records.derivation.Derivation`.
    rows
        One per factor.
    value, log10_magnitude, number
        The gradient, and how it is shown. Where `share` is 1 it is the last running product.
    share
        Which part of the gradient these factors make: 1 where the gradient is their product, else the share of the
        largest path, whose factors they are; None where the gradient is 0.
    count
        How many paths lead from the parameter to the loss.
    """

    experiment: str
    title: str
    wrt: str
    wrt_symbol: Formula
    rows: tuple[LedgerRow, ...]
    value: float
    log10_magnitude: float
    number: Formula
    share: float | None
    count: int


GradientView = PathView | MatrixView | Ledger
VIEWS = ("steps", "paths", "matrix", "ledger")
"""How a gradient may be told: as a derivation step by step, or as one of the views."""


class PassedDepth(msgspec.Struct, frozen=True, kw_only=True):
    """Says at which depth the bound leaves a number format: below its smallest number, or above its largest.

    Attributes
    ----------
    format
        "float16", "float32" or "float64".
    limit
        "smallest subnormal", "smallest normal" or "largest".
    log2
        The limit as a power of two (of the largest number rounded up).
    depth
        The first number of layers at which the bound has passed it, of the largest: is rounded to infinity; None where
        it never does.
    """

    format: str
    limit: str
    log2: int
    depth: int | None


class ProductBound(msgspec.Struct, frozen=True, kw_only=True):
    """Bounds the product of L factors phi'(z) w of a chain: (max|phi'| |w|)^L.

    Attributes
    ----------
    activation, weight, depth
        What was asked: w and L.
    largest_slope
        The largest |phi'(z)| of any z, or its supremum.
    at
        Where: the z of smallest magnitude, +-inf for a limit.
    is_reached
        Whether some z has this slope; else it is a supremum.
    rate
        max|phi'| |w|: by how much one layer changes the gradient at most.
    bound, log10_bound
        rate^L as a float64 and as log10.
    neutral_weight
        The |w| at which the rate is 1: below it a chain must shrink the gradient.
    limit
        rate^L for L -> infinity: "0", "1" or "infinity".
    depths
        Where the bound passes the limits of the number formats.
    """

    activation: str
    weight: float
    depth: int
    largest_slope: float
    at: float
    is_reached: bool
    rate: float
    bound: float
    log10_bound: float
    neutral_weight: float
    limit: str
    depths: tuple[PassedDepth, ...]
