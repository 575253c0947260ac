"""Update rules: how a gradient g = dL/dp changes a parameter p, at learning rate eta.

The definitions, signs and places of epsilon are PyTorch's, so that numbers can be compared to the last digit. All
state starts at zero. `weight_decay` adds L2 regularisation to the gradient,
g <- g + weight_decay * p, of weights and biases alike; only AdamW shrinks the parameter itself instead.
"""

from collections.abc import Mapping
from types import MappingProxyType

from vgdesk.errors import SpecError
from vgdesk.spec.base import Spec, require_finite

MOST = 1e9
"""Largest learning rate and weight decay."""
_LEAST_EPSILON = 1e-30  # float32 holds it: without any, a gradient of exactly 0 would make 0/0


class Sgd(Spec, frozen=True, tag="sgd", tag_field="kind"):
    """Is stochastic gradient descent, plain or with momentum.

    buf <- momentum * buf + (1 - dampening) * g, at the first step buf = g;  p <- p - eta * buf, with Nesterov's look
    ahead p <- p - eta * (g + momentum * buf) (Sutskever et al. 2013). Momentum 0 is plain gradient descent.
    """

    learning_rate: float = 0.1
    momentum: float = 0.0
    dampening: float = 0.0
    nesterov: bool = False
    weight_decay: float = 0.0

    def __post_init__(self) -> None:
        _require_common(self.learning_rate, self.weight_decay)
        _require_below_one("momentum", self.momentum)
        require_finite("dampening", self.dampening, 0.0, 1.0)
        if self.nesterov and (self.momentum == 0.0 or self.dampening != 0.0):
            raise SpecError(
                "nesterov needs a momentum above 0 and a dampening of 0, "
                f"got momentum {self.momentum:g} and dampening {self.dampening:g}"
            )


class RmsProp(Spec, frozen=True, tag="rmsprop", tag_field="kind"):
    """Divides by a moving root mean square: v <- alpha v + (1 - alpha) g^2;  p <- p - eta g / (sqrt(v) + epsilon).

    `centred` (Graves 2013, eq. 39-40) subtracts the squared moving mean, m <- alpha m + (1 - alpha) g, so that the
    variance v - m^2 stands for v; where rounding makes it negative the result is NaN, as in PyTorch. With a momentum
    mu the quotient goes into buf <- mu buf + g / (sqrt(v) + epsilon), and p <- p - eta buf.
    """

    learning_rate: float = 0.01
    alpha: float = 0.99
    epsilon: float = 1e-8
    weight_decay: float = 0.0
    momentum: float = 0.0
    centred: bool = False

    def __post_init__(self) -> None:
        _require_common(self.learning_rate, self.weight_decay)
        _require_below_one("alpha", self.alpha)
        _require_below_one("momentum", self.momentum)
        if self.centred and self.alpha == 0.0:
            raise SpecError("centred needs an alpha above 0, got alpha 0: v - m^2 would always be 0")
        _require_epsilon(self.epsilon)


class Adam(Spec, frozen=True, tag="adam", tag_field="kind"):
    """Is Adam (Kingma & Ba 2015), weight decay as L2 in the gradient.

    m <- beta1 m + (1 - beta1) g;  v <- beta2 v + (1 - beta2) g^2;  at step t = 1, 2, ...
    p <- p - eta / (1 - beta1^t) * m / (sqrt(v) / sqrt(1 - beta2^t) + epsilon).
    With `amsgrad` the largest v so far stands for v (Reddi et al. 2018).
    """

    learning_rate: float = 0.001
    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8
    weight_decay: float = 0.0
    amsgrad: bool = False

    def __post_init__(self) -> None:
        _require_adam(self)


class AdamW(Spec, frozen=True, tag="adamw", tag_field="kind"):
    """Is Adam with decoupled weight decay (Loshchilov & Hutter 2019): p <- (1 - eta * weight_decay) p comes first."""

    learning_rate: float = 0.001
    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8
    weight_decay: float = 0.01
    amsgrad: bool = False

    def __post_init__(self) -> None:
        _require_adam(self)


class Adagrad(Spec, frozen=True, tag="adagrad", tag_field="kind"):
    """Divides by the root of all squares so far: s <- s + g^2;  p <- p - eta g / (sqrt(s) + epsilon) (Duchi 2011)."""

    learning_rate: float = 0.01
    epsilon: float = 1e-10
    weight_decay: float = 0.0

    def __post_init__(self) -> None:
        _require_common(self.learning_rate, self.weight_decay)
        _require_epsilon(self.epsilon)


Optimiser = Sgd | RmsProp | Adam | AdamW | Adagrad


def require_learning_rate(value: float) -> None:
    """Raises `SpecError` unless the value can be a learning rate; 0 watches without moving."""
    require_finite("learning_rate", value, 0.0, MOST)


def _require_common(learning_rate: float, weight_decay: float) -> None:
    require_learning_rate(learning_rate)
    require_finite("weight_decay", weight_decay, 0.0, MOST)


def _require_below_one(field: str, value: float) -> None:
    require_finite(field, value, 0.0, 1.0)
    if value == 1.0:
        raise SpecError(f"{field} must be below 1, got 1")


def _require_epsilon(value: float) -> None:
    require_finite("epsilon", value, _LEAST_EPSILON, 1.0)


def _require_adam(rule: Adam | AdamW) -> None:
    _require_common(rule.learning_rate, rule.weight_decay)
    _require_below_one("beta1", rule.beta1)
    _require_below_one("beta2", rule.beta2)
    _require_epsilon(rule.epsilon)


OPTIMISERS: Mapping[str, Optimiser] = MappingProxyType(
    {
        "sgd": Sgd(),
        "momentum": Sgd(momentum=0.9),
        "nesterov": Sgd(momentum=0.9, nesterov=True),
        "rmsprop": RmsProp(),
        "adam": Adam(),
        "amsgrad": Adam(amsgrad=True),
        "adamw": AdamW(),
        "adagrad": Adagrad(),
    }
)
"""Ready-made rules by the names people say, with the usual numbers."""
