"""The search behind `vgdesk.study.find_state`: least squares, the nearest solution, and the last digits."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import mpmath
import numpy as np
from scipy.linalg import qr
from scipy.optimize import least_squares

from vgdesk.symbolic.evaluate import DIGITS, Evaluator
from vgdesk.symbolic.factor_system import FactorSystem

STARTS = 40
_ENOUGH = 4
"""So many solutions are compared; looking for more would take longer and hardly find a nearer one."""
_FOUND = 1e-8
"""Relative; from here Newton's method with 60 digits arrives."""
_EXACT = 1e-11
"""Relative error that is accepted at the end, where float64 numbers cannot come nearer."""
_NOTHING = 1e-6
"""Share of the largest move below which a number stays where it was."""
_FAR = 1e300
_LARGEST = 1e6
"""Beyond this size a number is no answer anybody could use."""
_TRACE = 1e-30
_NEIGHBOURS = 400
_STATIONS = 40
_LOST = 1e-3
"""So far beside a station the way is lost."""
_WAYS: tuple[dict[str, Any], ...] = ({}, {"x_scale": "jac", "jac": "3-point"})
"""Short steps first; where an exploding chain makes some numbers matter 1e7 times more than others, scaled ones."""


class Search:
    """Looks for numbers that give the factors of a system their targets.

    Attributes
    ----------
    start
        The numbers of the network, by the names that the system reads.
    targets
        Wanted value of each factor.
    """

    def __init__(
        self, system: FactorSystem, start: Mapping[str, Any], moved: Sequence[str], targets: Mapping[str, float]
    ) -> None:
        self.start, self.targets = dict(start), dict(targets)
        self._moved, self._system = list(moved), system
        self._evaluator = Evaluator(system)
        self._goal = np.array([float(targets[name]) for name in system.meanings])
        self._scale = np.where(self._goal == 0, 1.0, np.abs(self._goal))

    def exact(self, state: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Returns every factor with 60 digits, for the network's own numbers or those of a state."""
        values = self._evaluator.gradients({**self.start, **{n: mpmath.mpf(v) for n, v in (state or {}).items()}})
        return {name: values[f"factor_{name}"] for name in self._system.meanings}

    def run(self) -> dict[str, float] | None:
        """Returns the numbers of what was let free, or None when no start led to the targets."""
        if not self._moved:
            return {} if self._error({}) <= _EXACT else None
        names = list(self.start)
        program = self._system.program(names)
        fixed = {name: float(value) for name, value in self.start.items()}

        def residual(x: np.ndarray) -> np.ndarray:
            try:
                found = program(**{**fixed, **dict(zip(self._moved, x.tolist(), strict=True))})
            except (ArithmeticError, ValueError):
                found = [_FAR] * len(self._goal)
            with np.errstate(all="ignore"):
                misses = (np.array(found, float) - self._goal) / self._scale
            # arsinh: the same near 0, but a target of 1e-300 is then some hundreds away and not 1e300
            return np.arcsinh(np.nan_to_num(misses, nan=_FAR, posinf=_FAR, neginf=-_FAR))

        origin = np.array([fixed[name] for name in self._moved])
        for solution in sorted(_solutions(residual, origin), key=lambda x: float(np.linalg.norm(x - origin))):
            state = self._polished(_steadied(residual, _nearer(residual, solution, origin), origin), residual)
            if state is not None:
                return state
        return None

    def _polished(self, x: np.ndarray, residual: Any) -> dict[str, float] | None:
        """Returns float64 numbers that give the targets; several choices of what is solved for are rounded."""
        best, least = None, _EXACT
        for chosen in _choices(_jacobian(residual, x)):
            state = self._rounded(self._newton(x, chosen))
            error = self._error(state)
            if error <= least:
                best, least = state, error
            if best is not None and self._shows(best):
                break
        return best

    def _newton(self, x: np.ndarray, chosen: list[int]) -> dict[str, Any]:
        """Solves for as many numbers as there are targets; the others keep their float64 values."""
        with mpmath.workdps(DIGITS):
            state = {name: mpmath.mpf(float(value)) for name, value in zip(self._moved, x, strict=True)}
            step = mpmath.mpf(10) ** -25
            for _ in range(8):
                here = self._misses(state)
                if max(map(abs, here)) < mpmath.mpf(10) ** -40:
                    break
                columns = []
                for number in chosen:
                    name = self._moved[number]
                    beyond = self._misses({**state, name: state[name] + step})
                    columns.append([(after - before) / step for after, before in zip(beyond, here, strict=True)])
                rows = [row for row in range(len(here)) if any(column[row] for column in columns)]
                if not rows:  # a step that small moves nothing: the targets lie beyond its reach
                    break
                try:
                    J = mpmath.matrix([[column[row] for column in columns] for row in rows])
                    move = mpmath.lu_solve(J, mpmath.matrix([-here[row] for row in rows]))
                except (ZeroDivisionError, ValueError):  # targets that hang together: the digits at hand must do
                    break
                for place, number in enumerate(chosen):
                    state[self._moved[number]] += move[place]
            return state

    def _rounded(self, state: Mapping[str, Any]) -> dict[str, float]:
        """Returns float64 numbers near a state; neighbours are tried until the factors round to their targets."""
        best = {name: float(value) for name, value in state.items()}
        error, generator = self._error(best), np.random.default_rng(0)
        if (exact := self._error(nothing := _without_traces(best))) <= error:
            best, error = nothing, exact
        changed = [name for name in self._moved if best[name] != float(self.start[name])]
        for _ in range(_NEIGHBOURS):
            if self._shows(best) or not changed:
                break
            trial = dict(best)
            for name in generator.choice(changed, size=min(2, len(changed)), replace=False):
                trial[str(name)] += float(generator.integers(-3, 4)) * float(np.spacing(trial[str(name)]))
            found = self._error(trial)
            if found < error:
                best, error = trial, found
        return best

    def _misses(self, state: Mapping[str, Any]) -> list[Any]:
        found = self.exact(state)
        pairs = zip(found.values(), self._goal.tolist(), self._scale.tolist(), strict=True)
        return [(value - mpmath.mpf(goal)) / mpmath.mpf(scale) for value, goal, scale in pairs]

    def _error(self, state: Mapping[str, Any]) -> float:
        largest = max((abs(miss) for miss in self._misses(state)), default=mpmath.mpf(0))
        return float(largest) if not mpmath.isnan(largest) else float("inf")

    def _shows(self, state: Mapping[str, Any]) -> bool:
        return all(float(value) == self.targets[name] for name, value in self.exact(state).items())


def _without_traces(state: Mapping[str, float]) -> dict[str, float]:
    """Returns the state with 0 for what is only a trace: Newton's method stops that near to a target of exactly 0."""
    return {name: value if abs(value) > _TRACE else 0.0 for name, value in state.items()}


def _solutions(residual: Any, origin: np.ndarray) -> list[np.ndarray]:
    """Returns solutions: the followed one, then those of least squares, from the origin and ever farther around it."""
    generator, found = np.random.default_rng(0), _followed(residual, origin)
    for number in range(STARTS):
        spread = 0.0 if number == 0 else 0.25 * 1.12**number
        start = origin + spread * generator.standard_normal(len(origin))
        for way in _WAYS:
            answer = least_squares(residual, start, **way, xtol=1e-15, ftol=1e-15, gtol=1e-15, max_nfev=100)
            if np.max(np.abs(answer.fun)) < _FOUND and np.max(np.abs(answer.x)) < _LARGEST:
                found.append(answer.x)
                break
        if len(found) == _ENOUGH:
            break
    return found


def _followed(residual: Any, origin: np.ndarray) -> list[np.ndarray]:
    """Moves the targets from the present values to the wanted ones in small steps, and the numbers along with them.

    Where an exploding chain turns a small step into saturation, this is the way that does not lose the slope. Numbers
    that matter 1e7 times more than others move as much less. Returns the solution, or nothing.
    """
    x, first = origin, residual(origin)
    for step in range(1, _STATIONS + 1):
        goal = first * (1 - step / _STATIONS)
        for _ in range(12):
            miss = residual(x) - goal
            if np.max(np.abs(miss)) < 0.1 * _FOUND:
                break
            J = _jacobian(residual, x)
            sizes = np.linalg.norm(J, axis=0)
            scales = np.divide(1.0, sizes, out=np.zeros_like(sizes), where=sizes > 0)
            x = x - scales * np.linalg.lstsq(J * scales, miss, rcond=None)[0]
        if np.max(np.abs(residual(x) - goal)) > _LOST or np.max(np.abs(x)) > _LARGEST:
            return []
    return [x] if np.max(np.abs(residual(x))) < _FOUND else []


def _nearer(residual: Any, x: np.ndarray, origin: np.ndarray) -> np.ndarray:
    """Walks along the solutions to one nearest the origin: x <- origin + J^+ (J (x - origin) - r(x))."""
    best = x
    for _ in range(30):
        J = _jacobian(residual, x)
        x = origin + np.linalg.lstsq(J, J @ (x - origin) - residual(x), rcond=None)[0]
        if np.max(np.abs(residual(x))) < _FOUND and np.linalg.norm(x - origin) <= np.linalg.norm(best - origin):
            best = x
    return best


def _steadied(residual: Any, x: np.ndarray, origin: np.ndarray) -> np.ndarray:
    """Leaves where they were the numbers that moved next to nothing: and changed next to nothing."""
    moves = np.abs(x - origin)
    effects = moves * np.linalg.norm(_jacobian(residual, x), axis=0)
    is_nothing = (moves <= _NOTHING * np.max(moves, initial=0.0)) & (effects <= _NOTHING)
    return np.where(is_nothing, origin, x)


def _jacobian(residual: Any, x: np.ndarray) -> np.ndarray:
    steps = 1e-9 * np.maximum(1.0, np.abs(x))
    columns = []
    for number, step in enumerate(steps):
        shift = np.zeros_like(x)
        shift[number] = step
        columns.append((residual(x + shift) - residual(x - shift)) / (2 * step))
    return np.array(columns).T


def _choices(J: np.ndarray) -> Iterator[list[int]]:
    """Yields as many numbers as there are factors that move at all, ever other ones, all of them independent.

    First those that change the factors most: they move least. Then those that change them least: where a chain explodes
    the last digit of the others already changes the factors by 1e-10.
    """
    count = int(np.count_nonzero(np.any(J != 0, axis=1)))
    sizes = np.linalg.norm(J, axis=0)
    for power in (0, 2, 1):
        scales = np.divide(1.0, sizes**power, out=np.zeros_like(sizes), where=sizes > 0)
        answer: Any = qr(J * scales, mode="r", pivoting=True)
        yield answer[1][: min(count, J.shape[1])].tolist()
