"""What the depth planner answers: how deep a network may be, and what would make it critical."""

import math

import msgspec


class DepthPlan(msgspec.Struct, frozen=True, kw_only=True):
    """Is the planner's answer for one experiment and one limit.

    Attributes
    ----------
    experiment, activation
        Of which network, and the activation of its hidden layers.
    limit
        The ratio to the output layer's gradient, or the name of a number format.
    depth
        Number of layers the network has.
    sigma_w, sigma_b
        How its hidden layers are drawn, in the parametrisation of mean-field theory.
    log10_ratio
        log10 of |dL/dz| of layer 1 over that of the output layer: the median over seeds.
    log10_deviation
        Its scatter over seeds, one standard deviation in decades.
    log10_wide
        The same ratio of networks so wide that it does not scatter; the difference is what finite width takes.
    width
        Units of the narrowest hidden layer.
    chi
        Factor of |dL/dz|^2 that one more hidden layer brings; where it is another one at every depth (`varies`), that
        of the hidden layer in the middle of the network as it is. nan where no gradient reaches that layer, though it
        would pass one on.
    chi_1
        The same of weights, activation and dropout, at the variance in which they end: without dropout, the network's
        place in the phase diagram. nan where that is not known, as between normalised layers, or where the variance
        settles nowhere, but of activations of two straight lines, whose factor no variance changes.
    settles
        Whether the variance of layers of weights, activation and dropout ends in a fixed point; true where other
        layers make the question void.
    deepest
        Largest number of layers of which the predicted median keeps the limit; one layer more does not. 0 where no
        depth does, None where every depth up to `tried` does.
    tried
        The deepest network that was predicted; a spec has bounds.
    estimate
        Where `deepest` is None: how deep, if it went on at the pace of the deepest layers; None for any depth.
    critical_sigma_w, critical_sigma_b
        A start with chi_1 = 1, dropout included, or None.
    critical_note
        Why there is none, or what is special about it.
    note
        What makes the answer less sure.
    reason
        Why there is no answer; else empty. The numbers are then nan, but for those of a start, where they are known.
    off_critical
        Hidden layers, counting from 1, whose start is another than the critical one; () where there is none.
    beside
        What stands in the hidden layers besides weights and activation, as in "skip connections"; the phase diagram is
        without it, `chi` with it.
    alone_chi_1
        Where something stands beside: chi_1 as it were without that, at the network's place in the phase diagram; nan
        where the variance settles nowhere and chi_1 depends on it.
    alone_settles
        Whether the variance of the layers without that ends in a fixed point; true where nothing stands beside.
    is_brief
        Whether only the network as it is was looked at: `deepest`, `tried` and `estimate` say nothing.
    """

    experiment: str
    limit: float | str
    depth: int
    activation: str = ""
    sigma_w: float = math.nan
    sigma_b: float = math.nan
    log10_ratio: float = math.nan
    chi: float = math.nan
    deepest: int | None = None
    tried: int = 0
    estimate: int | None = None
    log10_deviation: float = math.nan
    log10_wide: float = math.nan
    width: int = 0
    chi_1: float = math.nan
    critical_sigma_w: float | None = None
    critical_sigma_b: float | None = None
    critical_note: str = ""
    note: str = ""
    reason: str = ""
    off_critical: tuple[int, ...] = ()
    beside: str = ""
    is_brief: bool = False
    settles: bool = True
    alone_chi_1: float = math.nan
    alone_settles: bool = True

    @property
    def is_critical(self) -> bool:
        """Whether the network has the critical start that is known."""
        return self.critical_sigma_w is not None and not self.off_critical

    @property
    def place_chi(self) -> float:
        """The one factor that is told of the network's place in the phase diagram; nan where it has none of its own."""
        if self.beside:
            return self.alone_chi_1
        return self.chi if self.varies else self.chi_1

    @property
    def place_settles(self) -> bool:
        """Whether the variance ends in a fixed point at the network's place in the phase diagram."""
        return self.alone_settles if self.beside else self.settles

    @property
    def place_varies(self) -> bool:
        """Whether the factor there is another one at every depth."""
        return math.isnan(self.alone_chi_1) and not self.alone_settles if self.beside else self.varies

    @property
    def varies(self) -> bool:
        """Whether the factor is another one at every depth, because the variance grows on: no xi belongs to it."""
        return not self.settles and math.isnan(self.chi_1)

    @property
    def xi(self) -> float:
        """Depth scale of the gradient -1 / ln chi in layers: infinite at criticality, negative where it grows.

        nan where chi is not known, 0 where nothing passes a layer.
        """
        if math.isnan(self.chi):
            return math.nan
        if not self.chi > 0.0:
            return 0.0
        logarithm = math.log(self.chi)
        return math.inf if abs(logarithm) < 1e-12 else -1.0 / logarithm

    @property
    def trainable_depth(self) -> float:
        """About 5 xi: so many layers a gradient can cross before it has become e^-2.5 of what it was, or e^2.5."""
        return 5.0 * abs(self.xi)
