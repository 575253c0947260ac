"""How unevenly the units of a layer share in a sum of squares: by the kurtosis of what each of them adds.

With F = E[f^4] / E[f^2]^2, at least 1, the participation of N independent units is

    S = E[sum_i f_i^4] / E[(sum_i f_i^2)^2] = F / (N + F - 1)          1 of one unit, 1/N of equal ones
"""

import numpy as np

_TINY = 1e-300


def kurtosis(fourth: np.ndarray, square: np.ndarray) -> np.ndarray:
    """Returns F of E[f^4] and E[f^2]; 1 of an f that is nothing, whose ratio of two zeros says nothing."""
    size = np.maximum(square, _TINY)
    return np.maximum(fourth / size / size, 1.0)


def participation_of(peaked: np.ndarray, width: np.ndarray) -> np.ndarray:
    """Returns S of F and of the number of units."""
    return peaked / (width + peaked - 1.0)
