"""Schedules: which learning rate each step takes, given the optimiser's own rate eta. Steps count from 0."""

import math

from vgdesk.spec.base import Spec, require_finite, require_integer
from vgdesk.spec.optimiser import MOST

_MOST_STEPS = 10_000_000


class Constant(Spec, frozen=True, tag="constant", tag_field="kind"):
    """Takes eta at every step."""

    def rate(self, learning_rate: float, step: int) -> float:
        """Returns the learning rate of a step."""
        return learning_rate


class StepDecay(Spec, frozen=True, tag="step-decay", tag_field="kind"):
    """Multiplies by `factor` after each `every` steps: eta * factor^floor(step / every)."""

    every: int
    factor: float = 0.1

    def __post_init__(self) -> None:
        require_integer("every", self.every, 1, _MOST_STEPS)
        require_finite("factor", self.factor, 0.0, 1.0)

    def rate(self, learning_rate: float, step: int) -> float:
        """Returns the learning rate of a step."""
        return learning_rate * self.factor ** (step // self.every)


class Cosine(Spec, frozen=True, tag="cosine", tag_field="kind"):
    """Falls along half a cosine from eta at step 0 to `minimum` at step `steps`, and stays there.

    minimum + (eta - minimum) (1 + cos(pi step / steps)) / 2 (Loshchilov & Hutter 2017, eq. 5, without restarts).
    """

    steps: int
    minimum: float = 0.0

    def __post_init__(self) -> None:
        require_integer("steps", self.steps, 1, _MOST_STEPS)
        require_finite("minimum", self.minimum, 0.0, MOST)

    def rate(self, learning_rate: float, step: int) -> float:
        """Returns the learning rate of a step."""
        part = min(step, self.steps) / self.steps
        return self.minimum + (learning_rate - self.minimum) * (1.0 + math.cos(math.pi * part)) / 2.0


class WarmUp(Spec, frozen=True, tag="warm-up", tag_field="kind"):
    """Rises in equal parts to eta: eta (step + 1) / steps in the first `steps` steps; then `after` begins at its 0."""

    steps: int
    after: Constant | StepDecay | Cosine = Constant()

    def __post_init__(self) -> None:
        require_integer("steps", self.steps, 1, _MOST_STEPS)

    def rate(self, learning_rate: float, step: int) -> float:
        """Returns the learning rate of a step."""
        if step < self.steps:
            return learning_rate * (step + 1) / self.steps
        return self.after.rate(learning_rate, step - self.steps)


Schedule = Constant | StepDecay | Cosine | WarmUp
