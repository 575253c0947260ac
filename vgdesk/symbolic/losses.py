"""Losses of one example as SymPy expressions of its outputs (conventions, line 8)."""

from collections.abc import Sequence

import sympy as sp


def loss_expression(loss: str, outputs: Sequence[sp.Symbol], targets: Sequence[sp.Symbol]) -> sp.Expr:
    """Returns the loss of one example; the batch loss is the mean over the examples.

    Parameters
    ----------
    loss
        A name of `vgdesk.spec.experiment.LOSSES`.
    outputs, targets
        One symbol per output unit, the value after its activation.
    """
    pairs = list(zip(outputs, targets, strict=True))
    if loss == "half-mse-sum":
        return sp.Add(*[(y - t) ** 2 for y, t in pairs]) / 2
    if loss == "mse":
        return sp.Add(*[(y - t) ** 2 for y, t in pairs]) / len(pairs)
    if loss == "bce":
        return -sp.Add(*[t * sp.log(y) + (1 - t) * sp.log(1 - y) for y, t in pairs]) / len(pairs)
    return sp.log(sp.Add(*[sp.exp(y) for y in outputs])) - sp.Add(*[t * y for y, t in pairs])
