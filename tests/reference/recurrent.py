"""Back-propagation through time written to be read: the twin of `vgdesk.kernels.recurrent`, float64, no scaling.

Every cell is a pair: forward keeps what it computed; backward takes dL/dh_t (and dL/dc_t), writes dL/dz_t of all gates
and what the time step adds to dL/dW_hh, and returns dL/dh_{t-1} and dL/dc_{t-1}.
"""

from dataclasses import dataclass, field

import numpy as np

from tests.reference.activations import ACTIVATIONS, bell, sigmoid
from tests.reference.feed_forward import loss_and_slope


@dataclass
class Moment:
    """Is one time step: x_t, h_{t-1}, c_{t-1}; z, phi(z), phi'(z) of all gates (B, gates * H); h_t, c_t; named gates.

    The way back adds dL/dh_t, dL/dc_t, dL/dz_t, and `shares`, what the time step adds to dL/dW_hh.
    """

    x: np.ndarray
    h_before: np.ndarray
    c_before: np.ndarray
    z: np.ndarray
    gate: np.ndarray
    slope: np.ndarray
    h: np.ndarray
    c: np.ndarray
    parts: dict = field(default_factory=dict)
    dh: np.ndarray | None = None
    dc: np.ndarray | None = None
    delta: np.ndarray | None = None
    shares: np.ndarray | None = None
    db_hn: np.ndarray | None = None


def tanh_slope(z):
    """tanh'(z)."""
    return 4 * bell(2 * z)


def rnn(network, p, x, h, c):
    """h_t = phi(W_ih x_t + W_hh h_{t-1} + b)."""
    phi, slope = ACTIVATIONS[network.activation]
    z = x @ p["W_ih"].T + h @ p["W_hh"].T + p["b"]
    return Moment(x, h, c, z, phi(z), slope(z), phi(z), c)


def rnn_back(network, p, m):
    """delta_t = dL/dh_t phi'(z_t)."""
    m.delta = m.dh * m.slope
    m.shares = m.delta.T @ m.h_before
    return m.delta @ p["W_hh"], m.dc


def lstm(network, p, x, h, c):
    """c_t = f c_{t-1} + i g, h_t = o tanh(c_t)."""
    z = x @ p["W_ih"].T + h @ p["W_hh"].T + p["b"]
    zi, zf, zg, zo = np.split(z, 4, axis=1)
    i, f, g, o = sigmoid(zi), sigmoid(zf), np.tanh(zg), sigmoid(zo)
    after = f * c + i * g
    slope = np.hstack([bell(zi), bell(zf), tanh_slope(zg), bell(zo)])
    parts = {"input-gate": i, "forget-gate": f, "g": g, "output-gate": o}
    return Moment(x, h, c, z, np.hstack([i, f, g, o]), slope, o * np.tanh(after), after, parts)


def lstm_back(network, p, m):
    """dL/dc_t gains dL/dh_t o tanh'(c_t); each gate gets its factor of c_t or h_t."""
    i, f, g, o = m.parts.values()
    m.dc = m.dc + m.dh * o * tanh_slope(m.c)
    m.delta = np.hstack([m.dc * g, m.dc * m.c_before, m.dc * i, m.dh * np.tanh(m.c)]) * m.slope
    m.shares = m.delta.T @ m.h_before
    return m.delta @ p["W_hh"], m.dc * f


def gru(network, p, x, h, c):
    """h_t = (1 - z) n + z h_{t-1}, n = tanh(...) with the reset after or before the recurrent product."""
    H = network.width
    zx = x @ p["W_ih"].T + p["b"]
    zr, zz = np.split(zx[:, : 2 * H] + h @ p["W_hh"][: 2 * H].T, 2, axis=1)
    r, z = sigmoid(zr), sigmoid(zz)
    W_hn = p["W_hh"][2 * H :]
    inner = h @ W_hn.T + p["b_hn"] if network.reset == "after" else (r * h) @ W_hn.T
    zn = zx[:, 2 * H :] + (r * inner if network.reset == "after" else inner)
    n = np.tanh(zn)
    slope = np.hstack([bell(zr), bell(zz), tanh_slope(zn)])
    parts = {"reset-gate": r, "update-gate": z, "n": n, "inner": inner}
    return Moment(x, h, c, np.hstack([zr, zz, zn]), np.hstack([r, z, n]), slope, sigmoid(-zz) * n + z * h, c, parts)


def gru_back(network, p, m):
    """The candidate gets dL/dh_t (1 - z), the update gate dL/dh_t (h_{t-1} - n), the reset gate its inner product."""
    H, h = network.width, m.h_before
    r, z, n, inner = m.parts.values()
    slope_r, slope_z, slope_n = np.split(m.slope, 3, axis=1)
    closed = sigmoid(-m.z[:, H : 2 * H])  # 1 - z, with all its digits
    delta_n, W_hn = m.dh * closed * slope_n, p["W_hh"][2 * H :]
    if network.reset == "after":
        behind, read = delta_n * r, h
        dr, extra = delta_n * inner, behind @ W_hn
    else:
        behind, read = delta_n, r * h
        dr, extra = (behind @ W_hn) * h, (behind @ W_hn) * r
    gates = np.hstack([dr * slope_r, m.dh * (h - n) * slope_z])
    m.delta, m.db_hn = np.hstack([gates, delta_n]), behind.sum(axis=0)
    m.shares = np.vstack([gates.T @ h, behind.T @ read])
    return gates @ p["W_hh"][: 2 * H] + extra + m.dh * z, m.dc


CELLS = {"rnn": (rnn, rnn_back), "lstm": (lstm, lstm_back), "gru": (gru, gru_back)}


@dataclass
class Twin:
    """Is one batch there and back: the loss, the outputs (B, S, outputs), all time steps, dL/dp by name."""

    loss: float
    outputs: np.ndarray
    moments: list
    gradient: dict

    def over_time(self, name):
        """Returns one attribute of all time steps, (T, ...)."""
        return np.stack([getattr(moment, name) for moment in self.moments])


def forward(network, p, inputs):
    """Returns all time steps of a batch (B, T, inputs), from h_0 = c_0 = 0."""
    h = c = np.zeros((len(inputs), network.width))
    moments = []
    for t in range(network.steps):
        moments.append(CELLS[network.cell][0](network, p, inputs[:, t], h, c))
        h, c = moments[-1].h, moments[-1].c
    return moments


def backpropagate(network, p, inputs, targets):
    """Returns the twin of one batch; targets (B, S, outputs) belong to the last S time steps."""
    moments = forward(network, p, inputs)
    first, batch = network.steps - network.output_steps, len(inputs)
    read = np.concatenate([moment.h for moment in moments[first:]])
    phi, slope = ACTIVATIONS[network.output_activation]
    z = read @ p["W_out"].T + p["b_out"]
    flat = targets.transpose(1, 0, 2).reshape(z.shape)
    loss, out = loss_and_slope(network.loss, phi(z), z, flat)
    if network.loss in ("mse", "half-mse-sum"):
        out = out * slope(z)
    given = (out @ p["W_out"]).reshape(network.output_steps, batch, network.width)
    dh = dc = np.zeros((batch, network.width))
    for t in range(network.steps - 1, -1, -1):
        moments[t].dh, moments[t].dc = dh + (given[t - first] if t >= first else 0), dc
        dh, dc = CELLS[network.cell][1](network, p, moments[t])
    gradient = {
        "W_ih": sum(m.delta.T @ m.x for m in moments),
        "W_hh": sum(m.shares for m in moments),
        "b": sum(m.delta.sum(axis=0) for m in moments),
        "W_out": out.T @ read,
        "b_out": out.sum(axis=0),
    }
    if "b_hn" in p:
        gradient["b_hn"] = sum(m.db_hn for m in moments)
    outputs = phi(z).reshape(network.output_steps, batch, -1).transpose(1, 0, 2)
    return Twin(float(loss), outputs, moments, gradient)


def measures(network, twin):
    """Returns what `step_measures` tells about signals: one number per time step, norms not as logarithms."""
    width = network.width
    gate, slope = (twin.over_time(name) for name in ("gate", "slope"))
    h, names = twin.over_time("h"), [name for name in twin.moments[0].parts if name.endswith("-gate")]
    found = {
        "lag": np.array([np.linalg.norm(moment.shares) for moment in twin.moments]),
        "saturated": np.mean(np.abs(slope) < 0.01, axis=(1, 2)),
        "dead": np.mean(np.all((gate == 0) & (slope == 0), axis=1), axis=1),
        "activation-mean": h.mean(axis=(1, 2)),
        "activation-variance": h.var(axis=(1, 2)),
        **{name: np.array([m.parts[name].mean() for m in twin.moments]) for name in names},
    }
    if network.cell != "rnn":  # f of the LSTM and z of the GRU both stand second
        kept = gate[:, :, width : 2 * width]
        later = [np.prod(kept[t + 1 :], axis=0).mean() for t in range(network.steps)]
        found["cell-path"] = np.array(later)
    return found
