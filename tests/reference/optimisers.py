"""Update rules and clipping written to be read: the twins of `vgdesk.kernels.rules` and `clipping`, in any precision.

Each rule is a generator: it is sent (parameters, gradient, learning rate) and yields the new parameters. Source: the
algorithms in the documentation of PyTorch's `torch.optim` (SGD, RMSprop, Adam, AdamW, Adagrad).
"""

import numpy as np

from vgdesk.spec.optimiser import Adagrad, Adam, AdamW, RmsProp, Sgd


def follow(rule, parameters, gradients, rates):
    """Returns the parameters after each of the given gradients."""
    update, after = UPDATES[type(rule)](rule, np.zeros_like(parameters)), []
    for number, (gradient, rate) in enumerate(zip(gradients, rates, strict=True), start=1):
        if not isinstance(rule, AdamW):
            gradient = gradient + parameters.dtype.type(rule.weight_decay) * parameters
        parameters = update(number, parameters, gradient, rate)
        after.append(parameters)
    return after


def _sgd(rule, zeros):
    state = {"buf": zeros}

    def update(number, p, g, rate):
        state["buf"] = g if number == 1 else rule.momentum * state["buf"] + (1 - rule.dampening) * g
        direction = g + rule.momentum * state["buf"] if rule.nesterov else state["buf"]
        return p - rate * direction

    return update


def _rms_prop(rule, zeros):
    state = {"v": zeros, "mean": zeros, "buf": zeros}

    def update(number, p, g, rate):
        state["v"] = rule.alpha * state["v"] + (1 - rule.alpha) * g**2
        state["mean"] = rule.alpha * state["mean"] + (1 - rule.alpha) * g
        v = state["v"] - state["mean"] ** 2 if rule.centred else state["v"]
        state["buf"] = rule.momentum * state["buf"] + g / (np.sqrt(v) + rule.epsilon)
        return p - rate * state["buf"]

    return update


def _adagrad(rule, zeros):
    state = {"sum": zeros}

    def update(number, p, g, rate):
        state["sum"] = state["sum"] + g**2
        return p - rate * g / (np.sqrt(state["sum"]) + rule.epsilon)

    return update


def _adam(rule, zeros):
    state = {"m": zeros, "v": zeros, "largest": zeros}

    def update(number, p, g, rate):
        if isinstance(rule, AdamW):
            p = p * (1 - rate * rule.weight_decay)
        state["m"] = rule.beta1 * state["m"] + (1 - rule.beta1) * g
        state["v"] = rule.beta2 * state["v"] + (1 - rule.beta2) * g**2
        state["largest"] = np.maximum(state["largest"], state["v"])
        v = state["largest"] if rule.amsgrad else state["v"]
        m_hat, v_hat = state["m"] / (1 - rule.beta1**number), v / (1 - rule.beta2**number)
        return p - rate * m_hat / (np.sqrt(v_hat) + rule.epsilon)

    return update


UPDATES = {Sgd: _sgd, RmsProp: _rms_prop, Adam: _adam, AdamW: _adam, Adagrad: _adagrad}


def clip_by_norm(gradients, maximum):
    """Returns (total norm, clipped gradients)."""
    total = np.sqrt(sum(np.sum(g**2) for g in gradients))
    return total, [g * min(1.0, maximum / (total + 1e-6)) for g in gradients]


def clip_by_value(gradients, maximum):
    """Returns the gradients moved into [-maximum, maximum]."""
    return [np.clip(g, -maximum, maximum) for g in gradients]
