"""The gains that PyTorch recommends (`torch.nn.init.calculate_gain`), to hold beside what theory finds critical.

    1 for straight lines and sigmoid,  5/3 for tanh,  sqrt(2 / (1 + slope^2)) for ReLU and leaky ReLU,  3/4 for SELU

Only the third is derived: it keeps E[phi^2] = q. 5/3 and 3/4 are rules of thumb; theory has 1 (tanh without bias, where
5/3 is chaotic) and 1.0 (SELU at its fixed point q = 1).
"""

import math

from vgdesk.theory.moments import TWO_SIDED

_RULES_OF_THUMB = {"sigmoid": 1.0, "tanh": 5.0 / 3.0, "selu": 0.75}


def recommended_gain(activation: str, slope: float | None = None) -> float | None:
    """Returns sigma_w as PyTorch recommends it, None where it has no word on this activation.

    Parameters
    ----------
    activation
        A name.
    slope
        Of leaky ReLU below 0; by default that of the name.
    """
    if activation in ("identity", "relu", "leaky-relu"):
        below = TWO_SIDED[activation] if slope is None else slope
        return math.sqrt(2.0 / (1.0 + below**2))
    return _RULES_OF_THUMB.get(activation)
