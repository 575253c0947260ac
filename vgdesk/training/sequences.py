"""Draws the sequences of the tasks over time, from a seed. Steps count from 0 here, as in the arrays.

    adding           number u ~ U[0, 1) at every step; marks at one step of [0, T // 2) and one of [T // 2, T)
    copy memory      string, delay - 1 blanks, call, as many blanks as the string is long
    temporal order   start, distractors, end; X or Y at one step of [T // 10, 2 T // 10) and at one of
                     [T // 2, T // 2 + T // 10), as in Hochreiter & Schmidhuber 1997, experiment 6a (10-20 and 50-60 of
                     about 100)

Every place, symbol and class is drawn independently and uniformly.
"""

import numpy as np

from vgdesk.spec.sequences import AddingProblem, CopyMemory, TemporalOrder

Drawn = AddingProblem | CopyMemory | TemporalOrder
DISTRACTORS = 4
MARKED, START, END = 4, 6, 7
"""Places of X (and Y after it), of the start and of the end among the one-hot inputs of the temporal order."""


def draw_sequences(task: Drawn, generator: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Returns (inputs, targets), shapes (count, time steps, inputs) and (count, target steps, outputs)."""
    match task:
        case AddingProblem():
            return _adding(task, generator)
        case CopyMemory():
            return _copy_memory(task, generator)
        case TemporalOrder():
            return _temporal_order(task, generator)


def _adding(task: AddingProblem, generator: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    rows, half = np.arange(task.count), task.length // 2
    inputs = np.zeros((task.count, task.length, 2))
    inputs[:, :, 0] = generator.random((task.count, task.length))
    inputs[rows, generator.integers(0, half, task.count), 1] = 1.0
    inputs[rows, generator.integers(half, task.length, task.count), 1] = 1.0
    sums = (inputs[:, :, 0] * inputs[:, :, 1]).sum(axis=1)
    return inputs, sums[:, None, None]


def _copy_memory(task: CopyMemory, generator: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    blank, call = task.symbols, task.symbols + 1
    strings = generator.integers(0, task.symbols, (task.count, task.length))
    symbols = np.full((task.count, task.steps), blank)
    symbols[:, : task.length] = strings
    symbols[:, task.length + task.delay - 1] = call
    return one_hot(symbols, task.symbols + 2), one_hot(strings, task.symbols)


def _temporal_order(task: TemporalOrder, generator: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    rows, tenth, half = np.arange(task.count), task.length // 10, task.length // 2
    symbols = generator.integers(0, DISTRACTORS, (task.count, task.length))
    symbols[:, 0], symbols[:, -1] = START, END
    first, second = generator.integers(0, 2, (2, task.count))
    symbols[rows, generator.integers(tenth, 2 * task.length // 10, task.count)] = MARKED + first
    symbols[rows, generator.integers(half, half + tenth, task.count)] = MARKED + second
    return one_hot(symbols, END + 1), one_hot((2 * first + second)[:, None], 4)


def one_hot(numbers: np.ndarray, count: int) -> np.ndarray:
    """Returns 1 at the place that each number names and 0 elsewhere, one axis more, float64."""
    places = np.zeros((*numbers.shape, count))
    np.put_along_axis(places, numbers[..., None], 1.0, axis=-1)
    return places
