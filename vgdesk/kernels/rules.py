"""Update rules by code: parameters p change by their gradient g at learning rate eta, step t = 1, 2, ...

Each line of a rule is one small pass over an array; the definitions are PyTorch's (see `vgdesk.spec.optimiser`).

    decay        g <- g + lambda p                      L2; AdamW: p <- (1 - eta lambda) p instead
    momentum     buf <- g at t = 1, else mu buf + (1 - dampening) g
                 p <- p - eta buf,                      Nesterov: p <- p - eta (g + mu buf)
    RMSprop      v <- alpha v + (1 - alpha) g^2,        p <- p - eta g / (sqrt(v) + eps)
    Adagrad      the same with v <- v + g^2
    centred      m <- alpha m + (1 - alpha) g,          v - m^2 stands for v (RMSprop)
                 buf <- mu buf + g / (sqrt(v) + eps),   p <- p - eta buf where it has a momentum
    Adam         m <- beta1 m + (1 - beta1) g,          v <- beta2 v + (1 - beta2) g^2
                 p <- p - eta / (1 - beta1^t) m / (sqrt(v) / sqrt(1 - beta2^t) + eps)
    AMSGrad      w <- max(w, v) stands for v in Adam's last line

g is the true gradient in the run's number format, with all that implies: where g^2 underflows, v is 0 and epsilon alone
divides; where g exceeds the format it is infinite, and so is what is computed from it.
"""

import math
from typing import NamedTuple

from numba import typeof, types

from vgdesk.kernels._jit import kernel
from vgdesk.kernels.late_binding import shared_choice
from vgdesk.kernels.lent import LentType

PLAIN, MOMENTUM, RMSPROP, ADAGRAD, ADAM, GENERAL_RMSPROP = range(6)


class Rule(NamedTuple):
    """Is an update rule in a kernel's words.

    Attributes
    ----------
    code
        PLAIN, MOMENTUM, RMSPROP, ADAGRAD, ADAM or GENERAL_RMSPROP, that is centred or with momentum.
    momentum
        mu of momentum and of RMSprop, beta1 of Adam.
    dampening, nesterov
        Of momentum; `nesterov` and the flags below are 0 or 1.
    memory
        alpha of RMSprop, beta2 of Adam, 1 for Adagrad.
    epsilon, weight_decay
        As in the formulas above.
    decoupled
        Whether the weight decay shrinks p instead of entering g (AdamW).
    amsgrad
        Whether Adam divides by the largest v so far.
    centred
        Whether RMSprop subtracts the squared mean.
    """

    code: int = PLAIN
    momentum: float = 0.0
    dampening: float = 0.0
    nesterov: int = 0
    memory: float = 0.0
    epsilon: float = 0.0
    weight_decay: float = 0.0
    decoupled: int = 0
    amsgrad: int = 0
    centred: int = 0

    @property
    def slots(self) -> tuple[bool, bool, bool]:
        """Which state arrays the rule needs: first (buf, Adam's m), second (v), peak (the largest v, RMSprop's m)."""
        has_first = self.code in (MOMENTUM, ADAM, GENERAL_RMSPROP)
        return has_first, self.code not in (PLAIN, MOMENTUM), bool(self.amsgrad or self.centred)


PLAIN_DESCENT = Rule()
RULE_TYPE = LentType(typeof(PLAIN_DESCENT))
"""Numba's type of a rule, which is lent to kernels."""


def _plain(code, rule, t, rate, p, g, first, second, peak):
    _decay(rule, rate, p, g)
    blend(p, g, 1.0, -rate)


def _momentum(code, rule, t, rate, p, g, first, second, peak):
    _decay(rule, rate, p, g)
    blend(first, g, rule.momentum, 1.0 if t == 1 else 1.0 - rule.dampening)
    if rule.nesterov:
        blend(g, first, 1.0, rule.momentum)
    blend(p, g if rule.nesterov else first, 1.0, -rate)


def _divided(code, rule, t, rate, p, g, first, second, peak):
    _decay(rule, rate, p, g)
    _add_squares(second, g, rule.memory, 1.0 - rule.memory if rule.code == RMSPROP else 1.0)
    _descend_divided(p, g, second, rate, 1.0, rule.epsilon)


def _general_rms_prop(code, rule, t, rate, p, g, first, second, peak):
    _decay(rule, rate, p, g)
    _add_squares(second, g, rule.memory, 1.0 - rule.memory)
    if rule.centred:
        blend(peak, g, rule.memory, 1.0 - rule.memory)
    _add_quotient(first, g, second, peak, rule.momentum, rule.epsilon)
    blend(p, first, 1.0, -rate)


def _adam(code, rule, t, rate, p, g, first, second, peak):
    _decay(rule, rate, p, g)
    blend(first, g, rule.momentum, 1.0 - rule.momentum)
    _add_squares(second, g, rule.memory, 1.0 - rule.memory)
    _keep_largest(peak, second)
    step = rate / (1.0 - math.pow(rule.momentum, t))
    root = 1.0 / math.sqrt(1.0 - math.pow(rule.memory, t))
    _descend_divided(p, first, peak if rule.amsgrad else second, step, root, rule.epsilon)


def _signature(number, code):
    rule, array = RULE_TYPE, number[::1]
    return types.void(types.int64, rule, types.int64, types.float64, array, array, array, array, array)


@shared_choice([_plain, _momentum, _divided, _divided, _adam, _general_rms_prop], _signature)
def follow_rule(code, rule, t, rate, p, g, first, second, peak):
    """Changes the parameters `p` by their true gradient `g`; both are flat, as is the state; `g` may be overwritten.

    `code` is that of the rule; the state arrays that the rule does not have are of length 0.
    """


@kernel
def _decay(rule, rate, p, g):
    if rule.decoupled:
        blend(p, p, 1.0 - rate * rule.weight_decay, 0.0)
    elif rule.weight_decay != 0.0:
        blend(g, p, 1.0, rule.weight_decay)


@kernel
def blend(target, other, keep, take):
    """target <- keep target + take other."""
    keep, take = target.dtype.type(keep), target.dtype.type(take)
    for i in range(target.size):
        target[i] = keep * target[i] + take * other[i]


@kernel
def _add_squares(v, g, keep, take):
    """v <- keep v + take g^2."""
    keep, take = v.dtype.type(keep), v.dtype.type(take)
    for i in range(v.size):
        v[i] = keep * v[i] + take * g[i] * g[i]


@kernel
def _add_quotient(buffer, g, v, mean, momentum, epsilon):
    """buffer <- momentum buffer + g / (sqrt(v - mean^2) + epsilon), where there is a mean."""
    momentum, epsilon = buffer.dtype.type(momentum), buffer.dtype.type(epsilon)
    for i in range(buffer.size):
        variance = v[i] - mean[i] * mean[i] if mean.size else v[i]
        buffer[i] = momentum * buffer[i] + g[i] / (math.sqrt(variance) + epsilon)


@kernel
def _keep_largest(peak, v):
    """peak <- max(peak, v), where there is a peak; NaN stays."""
    for i in range(peak.size):
        if not v[i] <= peak[i]:
            peak[i] = v[i]


@kernel
def _descend_divided(p, direction, v, step, root, epsilon):
    """p <- p - step direction / (root sqrt(v) + epsilon)."""
    step, root, epsilon = p.dtype.type(step), p.dtype.type(root), p.dtype.type(epsilon)
    for i in range(p.size):
        p[i] -= step * direction[i] / (root * math.sqrt(v[i]) + epsilon)
