"""Losses of one example as SymPy expressions of named outputs, and their derivatives by `sympy.diff`.

`bce` and `softmax-cross-entropy` are written in the raw values z of the output layer (conventions, line 8):
softplus(z) - t z and logsumexp(z) - sum(t z). So dL/dz = sigma(z) - t stays exact where 1 - y would be rounded away.
"""

from collections.abc import Sequence

import sympy as sp

FUSED_WITH_OUTPUT = frozenset({"bce", "softmax-cross-entropy"})
"""Losses whose expression takes z of the output layer; the others take h."""


def loss_expression(loss: str, outputs: Sequence[sp.Symbol], targets: Sequence[sp.Symbol]) -> sp.Expr:
    """Returns the loss of one example.

    Parameters
    ----------
    loss
        A name of `vgdesk.spec.experiment.LOSSES`.
    outputs
        z of the output units for the losses in `FUSED_WITH_OUTPUT`, else h.
    targets
        One per output.
    """
    pairs = list(zip(outputs, targets, strict=True))
    if loss == "half-mse-sum":
        return sp.Add(*[(y - t) ** 2 for y, t in pairs]) / 2
    if loss == "mse":
        return sp.Add(*[(y - t) ** 2 for y, t in pairs]) / len(pairs)
    if loss == "bce":
        return sp.Add(*[sp.log(1 + sp.exp(z)) - t * z for z, t in pairs]) / len(pairs)
    return sp.log(sp.Add(*[sp.exp(z) for z in outputs])) - sp.Add(*[t * z for z, t in pairs])


def loss_derivative(loss: str, outputs: Sequence[sp.Symbol], targets: Sequence[sp.Symbol], index: int) -> sp.Expr:
    """Returns the derivative of `loss_expression` with respect to `outputs[index]`."""
    return sp.diff(loss_expression(loss, outputs, targets), outputs[index])
