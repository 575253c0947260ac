"""Numba kernels: arrays and numbers in, arrays written, a status returned. Only this package imports Numba."""
