"""Why "gradients vanish if the spectral radius of W_hh is below 1" is false: the counterexample with two units.

    h_t = tanh(W h_{t-1} + b),   W = [[8, 8], [-8, -8]],   b = (-4, 4 + artanh 1/2),   h_0 = (0, 1/2)

W^2 = 0, so both eigenvalues are 0: by the rule nothing could vanish faster. But h_0 is a fixed point with
D = diag(phi') = diag(1, 3/4), and D stands between two factors W of the product:

    dh_T/dh_0 = (D W)^T,   D W = [[8, 8], [-6, -6]] has the eigenvalues 0 and 2:   the gradient doubles at every step

What holds is a statement about singular values: |dh_T/dh_t| <= (max phi' |W|_2)^(T-t) (Pascanu, Mikolov & Bengio 2013,
eq. 7, where "largest eigenvalue" must be read so for W that are not normal). Here |W|_2 = 16, and nothing is promised.
"""

import math

import numpy as np

from vgdesk.records.codec import frozen
from vgdesk.records.lag_fit import half_life, straight_fit
from vgdesk.records.spectrum import GateSpectrum, LagFit, RecurrentSpectrum
from vgdesk.theory.recurrent import weight_spectrum
from vgdesk.theory.step_jacobians import log10_norms, rnn_jacobian

W_HH = frozen([[8.0, 8.0], [-8.0, -8.0]])
BIAS = frozen([-4.0, 4.0 + math.atanh(0.5)])
STATE = frozen([0.0, 0.5])
"""The fixed point. It is unstable: iterated in floating point, rounding leads away from it after some 50 steps."""
STEPS = 40
NAME = "eigenvalue-rule"


def counterexample() -> RecurrentSpectrum:
    """Returns the spectrum and the decay of the counterexample, at its fixed point."""
    found = weight_spectrum(W_HH, "tanh")
    jacobian = rnn_jacobian("tanh", W_HH, W_HH @ STATE + BIAS)
    norms = log10_norms([jacobian] * STEPS, len(STATE))
    start, slope = straight_fit(norms[1:]) or (0.0, 0.0)
    # W has one Jordan block of size 2: numerically its eigenvalues would be +-1e-8, not the 0 they are
    gate = GateSpectrum(
        gate="",
        real=frozen([0.0, 0.0]),
        imaginary=frozen([0.0, 0.0]),
        spectral_radius=0.0,
        largest_singular_value=found.largest_singular_value,
    )
    return RecurrentSpectrum(
        experiment=NAME,
        cell="rnn",
        gates=(gate,),
        steepest=found.steepest,
        verdict=(
            "W_hh² = 0, so every eigenvalue is 0, and yet the gradient doubles at every step back: φ′ stands between "
            "two factors W_hh, and diag(φ′) W_hh has the eigenvalue 2. Only a largest singular value (here 16) below "
            "1 / max φ′ promises that gradients vanish."
        ),
        lags=frozen(np.arange(STEPS + 1)),
        log10_norm=frozen(norms),
        log10_bound=frozen([found.log10_bound(lag) for lag in range(STEPS + 1)]),
        fit=LagFit(start - slope, slope, half_life(slope)),
    )
