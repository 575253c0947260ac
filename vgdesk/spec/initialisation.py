"""How the parameters are drawn before training. Biases are zero unless a rule says otherwise.

Variances follow the definitions of the papers: Glorot & Bengio 2010 (eq. 16), He et al. 2015 (eq. 10); `ScaledGaussian`
is the parametrisation of mean-field theory, Var(W) = sigma_w^2 / fan_in, Var(b) = sigma_b^2 (Poole et al. 2016).
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


class ScaledGaussian(Spec, frozen=True, tag="scaled-gaussian", tag_field="kind"):
    """Draws W ~ N(0, sigma_w^2 / fan_in) and b ~ N(0, sigma_b^2)."""

    sigma_w: float = 1.0
    sigma_b: float = 0.0

    def __post_init__(self) -> None:
        require_finite("sigma_w", self.sigma_w, 0.0, 1e6)
        require_finite("sigma_b", self.sigma_b, 0.0, 1e6)


class Explicit(Spec, frozen=True, tag="explicit", tag_field="kind"):
    """Gives every parameter: `weights[l][unit][source]` and `biases[l][unit]`, layer by layer.

    Where a network has sparse wiring, the rows hold one number per *existing* source, in the order of the sources.
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


Initialisation = Glorot | He | ScaledGaussian | Explicit
