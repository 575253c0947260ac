"""What kernels are asked to train, and the checks that let no wrong array through to them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from vgdesk.kernels.losses import LOSS_CODES

NORMALISATION_CODES = {"none": 0, "batch": 1, "layer": 2}
SKIP_CODES = {None: 0, "residual": 1, "highway": 2}


@dataclass(frozen=True)
class Network:
    """Names what a kernel needs to know of a feed-forward network; layers count from 1.

    Attributes
    ----------
    widths
        Inputs, then the width of each layer.
    activations
        One name of `ACTIVATION_CODES` per layer.
    loss
        One of `LOSS_CODES`.
    masks
        One (out, in) array of 1 and 0 per layer where wiring is sparse; None when every connection exists.
    normalisations
        "none", "batch" or "layer" for each layer; empty means none anywhere.
    dropouts
        For each layer the probability with which a unit is dropped in training; empty means 0 everywhere.
    skips
        None, "residual" or "highway" for each layer; empty means None everywhere.
    learns_bias
        For each layer whether its bias is learned; one that is not has the gradient 0 and stays as it is given: 0
        where the layer has none. Empty means everywhere.
    unit_activations
        For each layer a name per unit, or nothing where all units have the layer's; empty means nothing anywhere.
    """

    widths: tuple[int, ...]
    activations: tuple[str, ...]
    loss: str
    masks: tuple[np.ndarray, ...] | None = None
    normalisations: tuple[str, ...] = ()
    dropouts: tuple[float, ...] = ()
    skips: tuple[str | None, ...] = ()
    learns_bias: tuple[bool, ...] = ()
    unit_activations: tuple[tuple[str, ...], ...] = ()

    def __post_init__(self) -> None:
        layers = len(self.activations)
        usual = ("normalisations", "none"), ("dropouts", 0.0), ("skips", None), ("learns_bias", True)
        for name, absent in (*usual, ("unit_activations", ())):
            object.__setattr__(self, name, tuple(getattr(self, name)) or (absent,) * layers)

    @property
    def is_plain(self) -> bool:
        """Whether every layer is h = phi(W h_below + b) with a fixed phi, the same one for all its units."""
        is_usual = set(self.normalisations) == {"none"} and not any(self.dropouts) and set(self.skips) == {None}
        return is_usual and "prelu" not in self.activations and not any(self.unit_activations)


def other_shapes(network: Network) -> dict[str, tuple[int, ...]]:
    """Returns name and shape of every parameter that is neither weight nor bias, layer by layer.

    `gamma3`, `beta3` (units,) of layer 3's normalisation, `slope3` (1,) of its PReLU, `gate_W3` (units, units below)
    and `gate_b3` (units,) of its highway.
    """
    shapes: dict[str, tuple[int, ...]] = {}
    for number, activation in enumerate(network.activations, start=1):
        below, units = network.widths[number - 1 : number + 1]
        if network.normalisations[number - 1] != "none":
            shapes |= {f"gamma{number}": (units,), f"beta{number}": (units,)}
        if activation == "prelu":
            shapes[f"slope{number}"] = (1,)
        if network.skips[number - 1] == "highway":
            shapes |= {f"gate_W{number}": (units, below), f"gate_b{number}": (units,)}
    return shapes


def require_network(network: Network) -> None:
    """Raises ValueError unless widths, activations, options and loss fit together."""
    layers = len(network.widths) - 1
    if layers < 1 or len(network.activations) != layers or min(network.widths) < 1:
        raise ValueError(f"widths {network.widths} and {len(network.activations)} activations do not make a network")
    if network.loss not in LOSS_CODES:
        raise ValueError(f"loss must be one of {', '.join(LOSS_CODES)}; got {network.loss!r}")
    if network.loss == "bce" and network.activations[-1] != "sigmoid":
        raise ValueError(f"bce needs a sigmoid output, got {network.activations[-1]!r}")
    if network.loss == "softmax-cross-entropy" and network.activations[-1] != "identity":
        raise ValueError(f"softmax-cross-entropy needs an identity output, got {network.activations[-1]!r}")
    if network.masks is not None:
        _require_shapes("masks", network.masks, list(zip(network.widths[1:], network.widths, strict=False)))
    if len(network.learns_bias) != layers:
        raise ValueError(f"learns_bias must have {layers} entries, one per layer, or none; got {network.learns_bias}")
    _require_options(network, layers)
    _require_units(network, layers)


def _require_options(network: Network, layers: int) -> None:
    options = list(zip(network.normalisations, network.dropouts, network.skips, strict=False))
    if not len(options) == len(network.normalisations) == len(network.dropouts) == len(network.skips) == layers:
        raise ValueError(f"normalisations, dropouts and skips must each have {layers} entries, one per layer, or none")
    for number, (normalisation, dropout, skip) in enumerate(options, start=1):
        if normalisation not in NORMALISATION_CODES or skip not in SKIP_CODES or not 0.0 <= dropout < 1.0:
            raise ValueError(f"layer {number} cannot have {normalisation!r}, dropout {dropout} and skip {skip!r}")
        if skip is not None and network.widths[number] != network.widths[number - 1]:
            raise ValueError(f"layer {number} has a skip connection, so its width must equal that of the layer below")
    if options[-1] != ("none", 0.0, None):
        raise ValueError(f"the output layer must have neither normalisation, dropout nor skip, got {options[-1]}")


def _require_units(network: Network, layers: int) -> None:
    own = network.unit_activations
    if len(own) != layers or any(names and len(names) != width for names, width in zip(own, network.widths[1:])):  # noqa: B905 - both lengths are told
        raise ValueError(f"unit_activations must have {layers} entries, each empty or with a name per unit; got {own}")
    if any("prelu" in names for names in own):
        raise ValueError("unit_activations must not hold prelu, which has one slope per layer")
    if own[-1] and network.loss in ("bce", "softmax-cross-entropy"):
        raise ValueError(f"unit_activations of the output layer must be empty with {network.loss}, got {own[-1]}")


def require_parameters(network: Network, weights: Sequence[np.ndarray], biases: Sequence[np.ndarray]) -> None:
    """Raises ValueError unless there are weights (out, in) and biases (out,) for each layer."""
    _require_shapes("weights", weights, list(zip(network.widths[1:], network.widths, strict=False)))
    _require_shapes("biases", biases, [(width,) for width in network.widths[1:]])


def require_examples(network: Network, inputs: np.ndarray, targets: np.ndarray) -> None:
    """Raises ValueError unless there are as many inputs as targets, at least one, of the network's widths."""
    count = len(inputs)
    if count < 1:
        raise ValueError("at least one example is needed, got none")
    _require_shapes("inputs and targets", [inputs, targets], [(count, network.widths[0]), (count, network.widths[-1])])


def example_numbers(rows: np.ndarray, batch: int, examples: int) -> np.ndarray:
    """Returns which of so many examples each step takes, as kernels take them: int64, shape (steps, batch), from 0.

    Raises ValueError where the shape is another, or a number names no example.
    """
    rows = np.array(rows, np.int64, order="C")
    if rows.ndim != 2 or rows.shape[1] != batch:
        raise ValueError(f"rows must have shape (steps, {batch}), got {rows.shape}")
    if rows.size and not 0 <= rows.min() <= rows.max() < examples:
        raise ValueError(f"rows must name examples 0 to {examples - 1}, got {rows.min()} to {rows.max()}")
    return rows


def completed_others(network: Network, others: Mapping[str, np.ndarray] | None) -> dict[str, np.ndarray]:
    """Returns the parameters of `other_shapes` in its order, those not given at their start.

    Gamma starts at 1, beta at 0, a PReLU slope at 0.25. The gates of a highway have no start of their own.
    """
    given, shapes = dict(others or {}), other_shapes(network)
    starts = {"gamma": 1.0, "beta": 0.0, "slope": 0.25}
    for name, shape in shapes.items():
        kind = name.rstrip("0123456789")
        if name not in given and kind in starts:
            given[name] = np.full(shape, starts[kind])
    if set(given) != set(shapes):
        raise ValueError(f"others must be named {', '.join(shapes) or 'nothing'}; got {', '.join(given) or 'nothing'}")
    _require_shapes("others", [given[name] for name in shapes], list(shapes.values()))
    return {name: given[name] for name in shapes}


def _require_shapes(name: str, arrays: Sequence[np.ndarray], shapes: Sequence[tuple[int, ...]]) -> None:
    found = [np.shape(array) for array in arrays]
    if found != list(shapes):
        raise ValueError(f"{name} must have shapes {list(shapes)}, got {found}")
