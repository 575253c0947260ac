"""The hash that says which units are dropped: the twin of `vgdesk.kernels.dropout`."""

import numpy as np

GOLDEN = np.uint64(0x9E3779B97F4A7C15)


def mix(x):
    """The finaliser of SplitMix64, on arrays modulo 2^64."""
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


def factors(seed, step, layer, probability, batch, units):
    """Returns 0 or 1 / (1 - probability), shape (batch, units); step and layer count from 0."""
    key = mix(np.array([seed % 2**64], np.uint64) + GOLDEN * np.array([step + 1], np.uint64))
    key = mix(key + GOLDEN * np.array([layer + 1], np.uint64))
    places = np.arange(1, batch * units + 1, dtype=np.uint64)
    u = (mix(key + GOLDEN * places) >> np.uint64(11)) / 2.0**53
    return np.where(u < probability, 0.0, 1 / (1 - probability)).reshape(batch, units)
