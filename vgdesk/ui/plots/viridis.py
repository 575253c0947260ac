"""The colour map viridis: perceptually even, readable in grey and by colour-blind eyes."""

from functools import cache

import numpy as np
import pyqtgraph as pg

from vgdesk.records.codec import frozen

LEVELS = 256


@cache
def viridis() -> np.ndarray:
    """Returns the map as RGBA bytes, shape (256, 4), smallest value first."""
    colour_map = pg.colormap.get("viridis")
    if colour_map is None:
        raise RuntimeError("pyqtgraph was installed without its colour map viridis")
    return frozen(np.asarray(colour_map.getLookupTable(nPts=LEVELS, alpha=True)), np.uint8)


def coloured(values: np.ndarray, low: float, high: float) -> np.ndarray:
    """Returns RGBA bytes of the values between `low` and `high`; nan becomes transparent.

    Parameters
    ----------
    values
        Any shape; values beyond the range take the colour of its end.

    Returns
    -------
    np.ndarray
        uint8, shape (*values.shape, 4).
    """
    is_number = ~np.isnan(values)
    share = np.where(is_number, (values - low) / ((high - low) or 1.0), 0.0)
    pixels = viridis()[np.clip(share * LEVELS, 0, LEVELS - 1).astype(np.intp)]
    pixels[..., 3] = np.where(is_number, 255, 0)
    return pixels
