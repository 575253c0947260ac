"""The numbers of a network and their gradients, in the shapes every route shares."""

import msgspec
import numpy as np


class Parameters(msgspec.Struct, frozen=True, kw_only=True):
    """Holds all weights and biases.

    Attributes
    ----------
    weights
        One array per layer, shape (units, units below): row = receiving unit. Absent connections are 0.
    biases
        One array per layer, shape (units,).
    """

    weights: tuple[np.ndarray, ...]
    biases: tuple[np.ndarray, ...]


class LossGradient(msgspec.Struct, frozen=True, kw_only=True):
    """Holds the loss of one batch and its gradient at given parameters.

    Attributes
    ----------
    loss
        Batch loss as the convention of the loss says.
    weights, biases
        dL/dW and dL/db per layer, in the shapes of `Parameters`; absent connections have gradient 0.
    activations
        h per layer *including the input at index 0*, shape (batch, units).
    preactivations
        z per layer, shape (batch, units).
    deltas
        dL/dz per layer, shape (batch, units).
    """

    loss: float
    weights: tuple[np.ndarray, ...]
    biases: tuple[np.ndarray, ...]
    activations: tuple[np.ndarray, ...]
    preactivations: tuple[np.ndarray, ...]
    deltas: tuple[np.ndarray, ...]
