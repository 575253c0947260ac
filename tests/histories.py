"""Profiles and histories for tests, built in one line."""

from collections.abc import Sequence

import numpy as np

from vgdesk.records.codec import frozen
from vgdesk.records.history import GradientHistory, RunOutcome
from vgdesk.records.profile import GradientProfile


def profile(log10_norm: Sequence[float], route: str = "training", quantity: str = "weight") -> GradientProfile:
    """Returns a profile with the given magnitudes."""
    return GradientProfile(experiment="test", route=route, quantity=quantity, log10_norm=frozen(log10_norm), step=7)


def history(
    loss: Sequence[float],
    log10_weight_norm: Sequence[Sequence[float]] | None = None,
    log10_delta_norm: Sequence[Sequence[float]] | None = None,
    layers: int = 3,
    first_step: int = 0,
    **fields: object,
) -> GradientHistory:
    """Returns a history; norms that are not given are zeros, i.e. magnitude 1, in each layer."""
    shape = (len(loss), layers)
    weight = np.zeros(shape) if log10_weight_norm is None else log10_weight_norm
    delta = weight if log10_delta_norm is None else log10_delta_norm
    rows = {
        "loss": frozen(loss),
        "step_numbers": frozen(first_step + np.arange(len(loss)), np.int64),
        "quantities": {"weight": frozen(weight), "delta": frozen(delta)},
    }
    return GradientHistory(**{"experiment": "test", "outcome": RunOutcome.RUNNING, **rows, **fields})


def vanishing_history(steps: int, layers: int) -> GradientHistory:
    """Returns a run whose gradients lose one decade per layer and drift a little with the steps."""
    step, layer = np.arange(steps)[:, None], np.arange(1, layers + 1)
    norms = layer - layers - 1.5 + 0.3 * np.sin(0.01 * step + layer)
    return history(2.0 + np.cos(0.05 * np.arange(steps)), norms, layers=layers)
