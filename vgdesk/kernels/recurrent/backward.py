"""The way back through time; see `through_time` for the equations."""

from vgdesk.kernels._jit import inlined_kernel
from vgdesk.kernels.recurrent.gru import gru_backward_after, gru_backward_before
from vgdesk.kernels.recurrent.layout import GRU_AFTER, LSTM, RNN
from vgdesk.kernels.recurrent.lstm import lstm_backward
from vgdesk.kernels.recurrent.rnn import rnn_backward


@inlined_kernel
def backward(net, room, trained, output_exponent):
    """Goes back through time from the output and leaves all signals, each time step with its exponent."""
    if net.cell == RNN:
        rnn_backward(net, room, trained, output_exponent)
    elif net.cell == LSTM:
        lstm_backward(net, room, trained, output_exponent)
    elif net.cell == GRU_AFTER:
        gru_backward_after(net, room, trained, output_exponent)
    else:
        gru_backward_before(net, room, trained, output_exponent)
