"""Explicit vector code for what LLVM does not vectorise by itself: activations; and the CPU's subnormal switch.

Inside compiled code `math.exp` is a call per number: 6 us for 1,024 values, against 0.2 us for the polynomials here.

`lanes`           the words: constants, fused multiply-add, a loop over arrays with a safe tail
`exponential`     exp on vectors, in the forms that the others need
`arrays`          from a function on vectors to a function on arrays that Numba code can call
`elementary`      exp, tanh, sigmoid
`rectifiers`      leaky ReLU, ELU, SELU, softplus, SiLU, GELU (tanh), mish; softsign, hard tanh
`error_function`  erf, GELU
`rows`            from a function on vectors to one pass over the gates of a cell
`masked`          lanes that stop at an edge;  `registers`  what the processor offers
`dense`           the products, cut into panels;  `panel`, `strip`, `shared`  what they are made of
`thin`            the product of few inputs
`subnormal`       flush-to-zero while a kernel runs
"""
