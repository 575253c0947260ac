"""Recurrent networks: RNN, LSTM and GRU, trained through time."""
