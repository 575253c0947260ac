"""The typical network of finite width: where x = ln q of one draw lies, layer by layer, and what the gradient feels.

In a network of N units q is no number but a random walk, x = X + u with X of the wide network,

    u' = Phi(u) + noise        Phi(u) = ln(g e^(A(X + u) - A(X)) + p e^u + r)        A = ln E[phi^2],  g + p + r = 1

where of q of the layer above the share g passes phi, p passes it by, and r (the bias) stays; the noise is the logarithm
of a Gamma number of relative variance g^2 (E[phi^4] / E[phi^2]^2 - 1) / N at that q; beside a skip connection products
of both parts add to it, which go with the two shares. Phi is bent: a phi that saturates
takes a large q down and leaves a small one alone, so that the mean of u lies by Phi'' Var(u) / 2 per layer below what
the noise alone makes of it, to first order in 1 / N: the finite-width metric and the four-point vertex of Yaida 2020,
"Non-Gaussian processes and neural networks at finite widths", and of Roberts, Yaida & Hanin 2022, "The Principles of
Deep Learning Theory", chapter 5. Near criticality Var(u) is 2/3 layers / N, and once it is no longer small no expansion
holds. So u is taken as normal, N(m, v), and means over it are Gauss-Hermite sums (statistical linearisation):

    m' = E[Phi(u) + drift(u)]        v' = Var[Phi(u) + drift(u)] + E[Var(noise | u)]
    kappa = Cov[Phi(u) + drift(u), u] / v        s = Cov[C(X + u), u] / v        C = ln E[phi'^2]

kappa and s are what a change of u makes, on average, of u above and of ln |delta|^2. Where v is small all of this is
Taylor's expansion at X: kappa = Phi'(0), and m what the noise alone adds up to.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from vgdesk.theory.log_curves import LogCurves

_PLACES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(5)
_WEIGHTS = _WEIGHTS / _WEIGHTS.sum()
_NODES = tuple(zip(_PLACES.tolist(), _WEIGHTS.tolist(), strict=True))
_NARROWEST = 0.05
"""A spread of u smaller than this is taken as this where slopes are asked for: a secant, not 0 over 0."""
_NOTHING = 1e-9
"""Noise smaller than this is none, and is nowhere louder."""
_ROUNDING = 1e-11
"""Moments of a variance that is nearly the same are taken over from the layer before."""
_FURTHEST = 600.0
"""e to more than that is no number; ln q further off says nothing more."""


class Walk(NamedTuple):
    """Is what a layer makes of u of the layer above; all but `curves` as columns of numbers, shape (hidden layers,).

    Attributes
    ----------
    curves
        Of each layer's activation.
    log_q
        X, ln q of the wide network.
    given, past
        g and p of the module's text.
    crossed
        Share of the noise that is of products of what passes phi and what passes it by.
    drift, added
        Mean and variance of the noise at X.
    """

    curves: Sequence[LogCurves]
    log_q: np.ndarray
    given: np.ndarray
    past: np.ndarray
    crossed: np.ndarray
    drift: np.ndarray
    added: np.ndarray


class Typical(NamedTuple):
    """Is where u lies, mean and variance of shape (hidden layers + 1,), and what it does, of shape (hidden layers,).

    Attributes
    ----------
    mean, variance
        m and v.
    kappa
        Response of u of the layer above.
    slope
        Response s of ln E[phi'^2].
    moved
        E[C(X + u) - C(X)].
    forward, backward, mixed
        How many times as large as at X the noise of ln q, that of |delta|^2 and their covariance are, on average.
    """

    mean: np.ndarray
    variance: np.ndarray
    kappa: np.ndarray
    slope: np.ndarray
    moved: np.ndarray
    forward: np.ndarray
    backward: np.ndarray
    mixed: np.ndarray


def typical(walk: Walk, largest: float, steepest: float) -> Typical:
    """Returns the typical network.

    Parameters
    ----------
    largest, steepest
        Bounds of mean and variance, and of kappa.
    """
    means, variances, kappas, forwards = [0.0], [0.0], [], []
    columns = (column.tolist() for column in walk[1:])
    for curves, log_q, given, past, crossed, drift, added in zip(walk.curves, *columns, strict=True):
        mean, variance, kappa, forward = _step(
            curves,
            log_q,
            (given, past, _rest(given, past)),
            (drift, added, crossed),
            means[-1],
            variances[-1],
        )
        means.append(min(max(mean, -largest), largest))
        variances.append(min(variance, largest))
        kappas.append(min(max(kappa, -steepest), steepest))
        forwards.append(forward)
    mean, variance = np.array(means), np.array(variances)
    slope, moved, backward, mixed = _felt(walk, mean[:-1], variance[:-1])
    return Typical(mean, variance, np.array(kappas), slope, moved, np.array(forwards), backward, mixed)


def _rest(given: float, past: float) -> float:
    """Returns r, 0 where it is no more than rounding: beside a q that has fallen by e^-35 even that would be all."""
    rest = 1.0 - given - past
    return rest if rest > _ROUNDING else 0.0


def _step(
    curves: LogCurves,
    log_q: float,
    shares: tuple[float, float, float],
    noise: tuple[float, float, float],
    mean: float,
    variance: float,
) -> tuple[float, float, float, float]:
    """Returns m', v', kappa and the mean of the noise over that at X."""
    given, past, rest = shares
    drift, added, crossed = noise
    spread = max(math.sqrt(variance), _NARROWEST)
    square, excess = curves.square_and_excess(log_q)
    first = second = along = louder = 0.0
    for place, weight in _NODES:
        u = mean + spread * place
        own, ratio = u, 1.0
        if not curves.is_straight:
            here, there = curves.square_and_excess(log_q + u)
            own, ratio = here - square, there / excess if excess > _NOTHING else 1.0
        passed = given * math.exp(min(own, _FURTHEST))
        by = math.exp(min(u, _FURTHEST))
        whole = passed + past * by + rest
        share = passed / (given * whole) if given > 0.0 and whole > 0.0 else 0.0
        ratio = share * ((1.0 - crossed) * ratio * share + crossed * by / whole) if share > 0.0 else 1.0
        value = (math.log(whole) if whole > 0.0 else -_FURTHEST) + ratio * drift
        first += weight * value
        second += weight * value * value
        along += weight * value * place
        louder += weight * ratio
    kappa = along / spread
    # of a spread narrower than that of the nodes the same share comes through
    own = max(0.0, second - first * first) * variance / spread**2
    return first, own + added * louder, kappa, louder


def _felt(walk: Walk, mean: np.ndarray, variance: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Returns s, E[C(X + u) - C(X)], and how much louder the noise of |delta|^2 is, and its covariance with q's."""
    spread = np.maximum(np.sqrt(variance), _NARROWEST)[:, None]
    places = walk.log_q[:, None] + mean[:, None] + spread * _PLACES
    slope, backward, mixed = np.empty_like(places), np.empty_like(places), np.empty_like(places)
    for curves in {id(each): each for each in walk.curves}.values():
        rows = np.array([each is curves for each in walk.curves])
        at, here = places[rows], walk.log_q[rows][:, None]
        slope[rows] = curves.read(curves.slope, at) - curves.read(curves.slope, here)
        three, common = curves.read(curves.kurtosis, here), curves.read(curves.mixed, here)
        backward[rows] = (3.0 * curves.read(curves.kurtosis, at) - 1.0) / (3.0 * three - 1.0)
        common = np.where(np.abs(common) > _NOTHING, common, np.inf)
        mixed[rows] = np.where(np.isinf(common), 1.0, curves.read(curves.mixed, at) / common)
    response = slope @ (_WEIGHTS * _PLACES) / spread[:, 0]
    return response, slope @ _WEIGHTS, np.maximum(backward @ _WEIGHTS, 0.0), mixed @ _WEIGHTS
