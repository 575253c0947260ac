"""One layer of a feed-forward network: its units, its activation, and what stands around them."""

from collections import Counter

import msgspec

from vgdesk.errors import SpecError
from vgdesk.spec.activation import require_activation
from vgdesk.spec.base import Spec, require_choice, require_finite, require_integer
from vgdesk.spec.initialisation import Initialisation

MAX_WIDTH = 4096
NORMALISATIONS = ("none", "batch", "layer")
NORMALISATION_EPSILON = 1e-5
"""Added to the variance inside the root; variances are biased, over the batch or over the features."""


class Residual(Spec, frozen=True, tag="residual", tag_field="kind"):
    """Adds what comes from below: h = h_below + F, F what the layer would give without it (He et al. 2016, eq. 1)."""


class Highway(Spec, frozen=True, tag="highway", tag_field="kind"):
    """Lets a gate choose: h = T * F + (1 - T) * h_below, T = sigmoid(W_T h_below + b_T).

    F is what the layer would give without it (Srivastava, Greff & Schmidhuber 2015, eq. 3). The gate has weights of its
    own, drawn like the layer's.

    Attributes
    ----------
    gate_bias
        Where b_T starts; a negative number lets the signal from below pass at first.
    """

    gate_bias: float = -1.0

    def __post_init__(self) -> None:
        require_finite("gate_bias", self.gate_bias, -100.0, 100.0)


Skip = Residual | Highway


class DenseLayer(Spec, frozen=True):
    """Describes one layer: h = phi(W h_below + b), or with all its options

        z = W h_below + b,   a = norm(z),   F = dropout(phi(a)),   h = F, or what the skip connection makes of it.

    Attributes
    ----------
    width
        Number of units.
    activation
        A name of `ACTIVATIONS`, e.g. "elu" or, with its alpha, "elu(0.5)"; or "formula: " and a formula in z.
    unit_names
        A name per unit, or empty.
    sources
        For each unit the units of the layer below that it listens to (counting from 1); None means all of them.
    initialisation
        How this layer's parameters are drawn; None means by the experiment's rule.
    normalisation
        One of `NORMALISATIONS`. "batch": over the examples of the batch, unit by unit (Ioffe & Szegedy 2015); "layer":
        over the units, example by example (Ba, Kiros & Hinton 2016). Both then scale by gamma (1 at the start) and
        shift by beta (0), which are learned, one number per unit.
    dropout
        Probability with which a unit of F is dropped at a training step; the others are divided by 1 - dropout.
    skip
        How the layer's input is led past it, or None.
    bias
        Whether there is a b. Without it the layer has no biases to name, draw, learn or derive by, and z = W h_below;
        the gate of a highway keeps its own.
    unit_activations
        One activation per unit where they differ, F_i = phi_i(a_i); empty means that all units have `activation`. In
        such a layer `activation` is the most frequent of them (the earliest of equals), the one that a new unit gets.
        Equal names throughout are no more than that `activation`, and become it.
    """

    width: int
    activation: str = "sigmoid"
    unit_names: tuple[str, ...] = ()
    sources: tuple[tuple[int, ...], ...] | None = None
    initialisation: Initialisation | None = None
    normalisation: str = "none"
    dropout: float = 0.0
    skip: Skip | None = None
    bias: bool = True
    unit_activations: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        require_integer("width", self.width, 1, MAX_WIDTH)
        require_activation("activation", self.activation)
        require_names("unit_names", self.unit_names, self.width)
        self._settle_units()
        require_choice("normalisation", self.normalisation, NORMALISATIONS)
        require_finite("dropout", self.dropout, 0.0, 0.99)
        if self.sources is not None and len(self.sources) != self.width:
            raise SpecError(f"sources must list one entry for each of the {self.width} units, got {len(self.sources)}")
        if self.sources is not None and isinstance(self.skip, Highway):
            raise SpecError("sources must be absent in a highway layer; its gate listens to all units below")

    def _settle_units(self) -> None:
        """Requires activations that units can have, and brings those of a layer into their one form."""
        names = self.unit_activations
        if not names:
            return
        if len(names) != self.width:
            raise SpecError(f"unit_activations must be empty or hold {self.width} activations, got {len(names)}")
        for unit, name in enumerate(names, start=1):
            require_activation(f"activation of unit {unit}", name)
        if "prelu" in names and len(set(names)) > 1:
            raise SpecError(
                "activation of a unit must not be prelu, whose slope is learned for the whole layer; "
                f"unit {names.index('prelu') + 1} has it and others do not"
            )
        msgspec.structs.force_setattr(self, "activation", Counter(names).most_common(1)[0][0])
        msgspec.structs.force_setattr(self, "unit_activations", names if len(set(names)) > 1 else ())

    @property
    def shares(self) -> dict[str, float]:
        """Which part of the units has each activation, in the order of the units that have them first."""
        if not self.unit_activations:
            return {self.activation: 1.0}
        counts = Counter(self.unit_activations)
        return {name: count / counts.total() for name, count in counts.items()}

    @property
    def activations(self) -> tuple[str, ...]:
        """The different activations of the layer, in the same order."""
        return tuple(self.shares)

    def activation_of(self, unit: int) -> str:
        """Returns the activation of a unit, which counts from 1."""
        return self.unit_activations[unit - 1] if self.unit_activations else self.activation

    @property
    def is_plain(self) -> bool:
        """Whether every unit is h = phi(w h_below + b), or without b, with a fixed phi that may be its own."""
        return self.normalisation == "none" and not self.dropout and self.skip is None and self.activation != "prelu"

    def parameters_on(self, below: int) -> int:
        """Returns how many numbers the layer learns on `below` units."""
        affine = (below + self.bias) * self.width
        gate = (below + 1) * self.width if isinstance(self.skip, Highway) else 0
        norm = 0 if self.normalisation == "none" else 2 * self.width
        return affine + gate + norm + (self.activation == "prelu")


def with_one_activation(layer: DenseLayer, activation: str) -> DenseLayer:
    """Returns the layer with this activation in all its units."""
    return msgspec.structs.replace(layer, activation=activation, unit_activations=())


def require_names(field: str, names: tuple[str, ...], count: int) -> None:
    """Raises `SpecError` unless there is no name, or a printable one for each of `count` things."""
    if names and len(names) != count:
        raise SpecError(f"{field} must be empty or hold {count} names, got {len(names)}")
    for name in names:
        if not name.strip() or len(name) > 40 or not name.isprintable():
            raise SpecError(f"{field} must hold printable names of 1 to 40 characters, got {name!r}")
