"""The colour map of the phase diagram: blue below the middle, red above, pale between; told apart by colour-blind eyes.

Nine colours of ColorBrewer's RdBu, reversed, as the figure on paper has them.
"""

from functools import cache

import numpy as np

from vgdesk.records.codec import frozen

LEVELS = 256
_STOPS = ("#2166ac", "#4393c3", "#92c5de", "#d1e5f0", "#f7f7f7", "#fddbc7", "#f4a582", "#d6604d", "#b2182b")


@cache
def red_blue() -> np.ndarray:
    """Returns the map as RGBA bytes, shape (256, 4), smallest value first."""
    stops = np.array([[int(colour[start : start + 2], 16) for start in (1, 3, 5)] for colour in _STOPS], dtype=float)
    places = np.linspace(0.0, len(stops) - 1.0, LEVELS)
    channels = [np.interp(places, np.arange(len(stops)), stops[:, channel]) for channel in range(3)]
    return frozen(np.stack([*channels, np.full(LEVELS, 255.0)], axis=1).round(), np.uint8)


def diverging(values: np.ndarray, low: float, high: float) -> np.ndarray:
    """Returns RGBA bytes of the values between `low` and `high`; nan becomes transparent.

    Values beyond the range take the colour of its end. Shape (*values.shape, 4).
    """
    is_number = ~np.isnan(values)
    share = np.where(is_number, (values - low) / ((high - low) or 1.0), 0.0)
    pixels = red_blue()[np.clip(share * LEVELS, 0, LEVELS - 1).astype(np.intp)]
    pixels[..., 3] = np.where(is_number, 255, 0)
    return pixels
