"""How the parameters are drawn before training. Biases are zero unless a rule says otherwise.

Variances follow the definitions of the papers: Glorot & Bengio 2010 (eq. 16), He et al. 2015 (eq. 10), LeCun et al.
1998 ("Efficient BackProp", eq. 16); `ScaledGaussian` is the parametrisation of mean-field theory,
Var(W) = sigma_w^2 / fan_in, Var(b) = sigma_b^2 (Poole et al. 2016). Orthogonal matrices: Saxe et al. 2014; the
identity: Le, Jaitly & Hinton 2015 (IRNN).
"""

from vgdesk.spec.base import Spec, require_choice, require_finite

DISTRIBUTIONS = ("uniform", "normal")


class Glorot(Spec, frozen=True, tag="glorot", tag_field="kind"):
    """Draws weights with standard deviation gain * sqrt(2 / (fan_in + fan_out)); also called Xavier."""

    distribution: str = "uniform"
    gain: float = 1.0

    def __post_init__(self) -> None:
        require_choice("distribution", self.distribution, DISTRIBUTIONS)
        require_finite("gain", self.gain, 0.0, 1e6)


class He(Spec, frozen=True, tag="he", tag_field="kind"):
    """Draws weights with standard deviation sqrt(2 / fan_in); also called Kaiming."""

    distribution: str = "normal"

    def __post_init__(self) -> None:
        require_choice("distribution", self.distribution, DISTRIBUTIONS)


class LeCun(Spec, frozen=True, tag="lecun", tag_field="kind"):
    """Draws weights with standard deviation 1 / sqrt(fan_in), as SELU wants it."""

    distribution: str = "normal"

    def __post_init__(self) -> None:
        require_choice("distribution", self.distribution, DISTRIBUTIONS)


class Orthogonal(Spec, frozen=True, tag="orthogonal", tag_field="kind"):
    """Draws a matrix uniformly from those with W W^T = gain^2 I; a tall one (more units than sources) has W^T W."""

    gain: float = 1.0

    def __post_init__(self) -> None:
        require_finite("gain", self.gain, 0.0, 1e6)


class Identity(Spec, frozen=True, tag="identity", tag_field="kind"):
    """Sets unit i to gain times source i: W = gain * I, with zeros beyond the square where W is not square."""

    gain: float = 1.0

    def __post_init__(self) -> None:
        require_finite("gain", self.gain, 0.0, 1e6)


class ScaledGaussian(Spec, frozen=True, tag="scaled-gaussian", tag_field="kind"):
    """Draws W ~ N(0, sigma_w^2 / fan_in) and b ~ N(0, sigma_b^2)."""

    sigma_w: float = 1.0
    sigma_b: float = 0.0

    def __post_init__(self) -> None:
        require_finite("sigma_w", self.sigma_w, 0.0, 1e6)
        require_finite("sigma_b", self.sigma_b, 0.0, 1e6)


class FixedGaussian(Spec, frozen=True, tag="fixed", tag_field="kind"):
    """Draws W ~ N(0, std^2) whatever the width; std 0.01 is the "very small" start that lets deep networks vanish."""

    std: float = 0.01

    def __post_init__(self) -> None:
        require_finite("std", self.std, 0.0, 1e6)


class TorchDefault(Spec, frozen=True, tag="torch-default", tag_field="kind"):
    """Draws weights and biases from U(-1/sqrt(fan_in), 1/sqrt(fan_in)), what PyTorch's Linear does: sigma_w^2 = 1/3."""


class Zeros(Spec, frozen=True, tag="zeros", tag_field="kind"):
    """Sets every weight and bias to 0: all units of a layer stay alike for ever."""


class Explicit(Spec, frozen=True, tag="explicit", tag_field="kind"):
    """Gives every parameter: `weights[l][unit][source]` and `biases[l][unit]`, layer by layer.

    Where a network has sparse wiring, the rows hold one number per *existing* source, in the order of the sources.
    A layer without biases has an empty row of them. As the rule of a single layer it holds that one layer.
    """

    weights: tuple[tuple[tuple[float, ...], ...], ...]
    biases: tuple[tuple[float, ...], ...]

    def __post_init__(self) -> None:
        for number, rows in enumerate(self.weights, start=1):
            for row in rows:
                for value in row:
                    require_finite(f"a weight of layer {number}", value)
        for number, values in enumerate(self.biases, start=1):
            for value in values:
                require_finite(f"a bias of layer {number}", value)


Initialisation = (
    Glorot | He | LeCun | Orthogonal | Identity | ScaledGaussian | FixedGaussian | TorchDefault | Zeros | Explicit
)
