"""Numba kernels: arrays and numbers in, arrays written, a status returned. Nothing else in the project imports Numba."""
