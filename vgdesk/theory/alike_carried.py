"""How alike the gradients of a batch are below skip connections, where one draw makes some examples' larger, too.

With H = dL/dh and s the share of the gradient that takes the way through W and phi', one layer makes H' = H + W'u of H,
u = phi' H. W is the same for all examples, so H . W'u has the variance (H_a . H_b) (u_a . u_b) / N, and with rho, e
and f of `vgdesk.theory.alike`, whose sqrt(e) is what phi' leaves of H_a . H_b in u_a . u_b, to first order in 1 / N

    num = ((1-s)^2 + 2 s (1-s) sqrt(e) + s^2 e) rho
          + (2 s (1-s) (1 + sqrt(e) rho) + s^2 ((f - e) (1 + 2 rho) + 1 + e rho)) / N
    den = 1 + (4 s (1-s) sqrt(e) rho + s^2 ((f - 1) (1 + 2 rho) + 2 e rho)) / N                    rho' = num / den

where W of a plain layer, the output's too, has to be met first: with s = e = f = 1 the same says what it makes of rho.
What phi' keeps apart stays apart, as directions merge by s / N only, and no longer counts by its share in the mean:

    M_ab = E[|H_a|^2 |H_b|^2]            M'_ab = M_ab den_ab

grows most for a = b, for every example's own gradient grows by noise of its own. So a few examples have most of a
draw's gradient: sum_ab w_a w_b X_ab of `vgdesk.theory.alike` is the mean of X weighted by w_a w_b M_ab. Behind plain
layers, where directions merge within N layers and weights matter little, M stays as it is.
"""

from typing import NamedTuple

import numpy as np

_TINY = 1e-300


class Merged(NamedTuple):
    """Holds what every layer finds above it; the last of `rho` and `sizes` is of the output.

    `rho` is of delta of a plain layer, and of dL/dh below a skip connection; `sizes` is M but for a factor; both have
    the shape (layers + 1, examples, examples). `across` is sqrt(e) rho of the layer above, shape (layers, ..), 0 for
    the last.
    """

    rho: np.ndarray
    sizes: np.ndarray
    across: np.ndarray


def merged(
    fourth: np.ndarray,
    kept: np.ndarray,
    top: np.ndarray,
    shares: np.ndarray,
    widths: np.ndarray,
    is_orthogonal: np.ndarray,
) -> Merged:
    """Returns rho of every layer; parameters as of `vgdesk.theory.alike.directions`, f and e first."""
    is_carried, count = shares < 1.0, len(shares)
    factors, added = _coefficients(fourth, kept, shares, widths, is_orthogonal)
    rho, above, met = np.empty((count + 1, *top.shape)), np.empty_like(fourth), np.ones_like(fourth)
    parts, here = np.empty_like(factors), np.array(top, float)
    rho[-1] = top
    for place in range(count - 1, -1, -1):
        if is_carried[place] and (place == count - 1 or not is_carried[place + 1]):
            here, met[place] = _met(here, 0.0 if is_orthogonal[place] else 1.0 / widths[place])
        above[place] = here
        both = np.multiply(factors[place], here, out=parts[place])
        both += added[place]
        # one rectifier whose two arguments have opposite signs never passes both, and of one or two units the first
        # order takes more than all
        np.maximum(both[1], _TINY, out=both[1])
        here = np.divide(both[0], both[1], out=rho[place])
        np.minimum(here, 1.0, out=here)
        np.maximum(here, 0.0, out=here)
    across = np.zeros_like(fourth)
    across[:-1] = np.where(is_carried[1:, None, None], np.sqrt(kept[1:]) * above[1:], 0.0)
    return Merged(rho, _sizes(np.where(is_carried[:, None, None], parts[:, 1] * met, 1.0)), across)


def _sizes(grown: np.ndarray) -> np.ndarray:
    """Returns M of every layer and of the output, from what each makes of M, over the largest in the layer."""
    sizes = np.zeros((len(grown) + 1, *grown.shape[1:]))
    sizes[:-1] = np.log(grown[::-1]).cumsum(axis=0)[::-1]
    sizes -= sizes.max(axis=(1, 2), keepdims=True)
    return np.exp(sizes, out=sizes)


def _met(rho: np.ndarray, part: float) -> tuple[np.ndarray, np.ndarray]:
    """Returns what normal weights make of rho, and of M."""
    whole = 1.0 + 2.0 * rho * part
    return np.minimum((rho + (1.0 + rho) * part) / whole, 1.0), whole


def _coefficients(
    fourth: np.ndarray, kept: np.ndarray, shares: np.ndarray, widths: np.ndarray, is_orthogonal: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Returns factors of rho and what is added in num and den; each of shape (layers, 2, examples, examples)."""
    is_carried = shares < 1.0
    s, n, drawn = (each[:, None, None] for each in (shares, widths, np.where(is_orthogonal, 0.0, 1.0)))
    crossed, root, loud = s * (1.0 - s), np.sqrt(kept), s * s / n
    carried = (
        (1.0 - s) ** 2
        + 2.0 * crossed * root * (1.0 + 1.0 / n)
        + loud * (n * kept + 2.0 * (fourth - kept) + drawn * kept),
        2.0 * crossed / n + loud * (fourth - kept + drawn),
    )
    by_size = 4.0 * crossed * root / n + loud * 2.0 * (fourth - 1.0 + drawn * kept), 1.0 + loud * (fourth - 1.0)
    # W above a plain layer is met with phi' unless it was met before, beside a skip connection
    is_met = np.append(is_carried[1:], False)[: len(shares), None, None]
    still = np.where(is_met, kept, 1.0 - drawn)
    plain = kept + (2.0 * fourth - kept - still) / n, (fourth - still) / n
    in_size = 2.0 * (fourth - np.where(is_met, 1.0, 1.0 - drawn)) / n, 1.0 + (fourth - 1.0) / n
    here = is_carried[:, None, None]
    factor, more = (
        np.stack([np.where(here, carried[of], plain[of]), np.where(here, by_size[of], in_size[of])], axis=1)
        for of in range(2)
    )
    return factor, more
