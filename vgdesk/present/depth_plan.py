"""The depth planner's answer in sentences, for the terminal and for the window."""

import math

from vgdesk.present.formula.numbers import number_text
from vgdesk.present.spelling import magnitude_text
from vgdesk.records.depth_plan import DepthPlan

SIGMA_DIGITS = 4
"""A critical sigma_w that is taken over by eye needs them: chi_1 is wrong by twice as much."""
MOST_COUNTED = 10_000
MOST_NAMED = 3
NO_FIXED_POINT = "no fixed point: the variance grows on"
"""Said by planner and diagram, as `vgdesk mean-field` does."""


def plan_sentences(plan: DepthPlan) -> list[str]:
    """Returns what the plan says: the network as it is, how deep it may be, what would make it critical, and notes."""
    if plan.reason:
        return [f"No plan: {plan.reason}.", *_critical(plan)]
    return [
        _as_it_is(plan),
        _factor(plan),
        _how_deep(plan),
        *_critical(plan),
        *([f"{plan.note}."] if plan.note else []),
    ]


def limit_words(limit: float | str) -> str:
    """Returns a limit in words."""
    if isinstance(limit, str):
        return f"the numbers of ∂L/∂W of layer 1 are normal numbers of {limit}"
    # what may shrink to r may grow to 1/r: a factor above 1 says both
    factor = magnitude_text(-math.log10(limit)).removeprefix("1.00×")
    return f"the gradient of layer 1 is within a factor {factor} of the output's"


def sigmas_text(sigma_w: float, sigma_b: float, joint: str = " = ") -> str:
    """Returns two deviations as planner and diagram write them, to the four digits that a dragged point has."""
    return f"σ_w{joint}{number_text(sigma_w, SIGMA_DIGITS)}, σ_b{joint}{number_text(sigma_b, SIGMA_DIGITS)}"


def reach_text(trainable_depth: float) -> str:
    """Returns the trainable depth 5 xi as planner and diagram write it: "10.6 layers", "over 10,000 layers"."""
    if trainable_depth > MOST_COUNTED:
        return f"over {MOST_COUNTED:,} layers"
    return f"{layer_count(trainable_depth)} layers"


def layer_count(layers: float) -> str:
    """Returns how many layers, as people say it: "1.73", "2,730"."""
    return number_text(layers) if layers < 1000 else f"{layers:,.0f}"


def _as_it_is(plan: DepthPlan) -> str:
    decades = plan.log10_ratio
    if not math.isfinite(decades):
        return f"With its {plan.depth} layers the gradient of layer 1 is exactly 0."
    size = f"{abs(decades):.1f} decades {'below' if decades < 0 else 'above'}"
    # what would be written as 0.0 decades is no difference
    size = "as large as" if abs(decades) < 0.05 else size
    return f"With its {plan.depth} layers, |∂L/∂z| of layer 1 is {size} the output's{_scatter(plan)}."


def _scatter(plan: DepthPlan) -> str:
    """Returns the band over seeds, and what of the decades is there because layers have few units."""
    if not plan.log10_deviation >= 0.05:
        return ""
    words = f" (±\u00a0{plan.log10_deviation:.1f} over seeds"
    taken = plan.log10_ratio - plan.log10_wide
    # of wide layers that pass nothing on there are no decades
    if 0.1 <= abs(taken) < math.inf:
        words += f"; {abs(taken):.1f} decades {'lower' if taken < 0 else 'higher'} than with wide layers"
    return words + ")"


def _factor(plan: DepthPlan) -> str:
    settings, chi = sigmas_text(plan.sigma_w, plan.sigma_b), f"{_chi_with(plan)} = {number_text(plan.chi)}"
    if math.isnan(plan.chi):
        return f"{settings}: no {_chi_with(plan)} to tell, for no gradient reaches the layers in the middle."
    reach = f"5\u00a0ξ\u00a0=\u00a0{reach_text(plan.trainable_depth)}"
    if plan.varies:
        words = f"{settings}: in wide layers {chi} in the middle of these {plan.depth}"
        return f"{words}, another one at every depth; {NO_FIXED_POINT}."
    # chi may change on and on along skip connections, too
    where = "deep inside" if math.isfinite(plan.chi_1) else "in the middle"
    if plan.chi == 0.0:
        chi += f" ({'the weights are 0' if plan.sigma_w == 0.0 else 'the slope of the activation is 0'})"
    told = f"{settings}: in wide layers {chi} per layer {where}, trainable depth {reach}"
    return f"{told}." if plan.settles else f"{told}; {NO_FIXED_POINT}."


def _chi_with(plan: DepthPlan) -> str:
    """Returns the factor's name; the diagram's is of the same layers without what this one is told with."""
    return f"χ with {plan.beside}" if plan.beside else "χ"


def _how_deep(plan: DepthPlan) -> str:
    words = limit_words(plan.limit)
    if plan.is_brief:
        return f"How deep it may be while {words}: not looked for yet."
    if plan.deepest is None and plan.estimate is None:
        return f"At any depth {words} (predicted up to {plan.tried:,} layers)."
    if plan.deepest is None:
        return f"Up to {plan.tried:,} layers and beyond {words}; at the pace there, up to about {plan.estimate:,}."
    if plan.deepest == 0:
        return f"At no depth {words}."
    layers = "layer" if plan.deepest == 1 else "layers"
    return f"Up to {plan.deepest:,} {layers} {words}."


def _critical(plan: DepthPlan) -> list[str]:
    if plan.critical_sigma_w is None or plan.critical_sigma_b is None:
        return [f"No critical start: {plan.critical_note}."] if plan.critical_note else []
    start = sigmas_text(plan.critical_sigma_w, plan.critical_sigma_b)
    level = f"{_chi_with(plan)} = 1" if plan.beside else "χ₁ = 1"
    if plan.is_critical:
        return [f"Critical as it is: {start} is where {level}."]
    note = f" ({plan.critical_note})" if plan.critical_note else ""
    return [f"Critical ({level}) with {start}{note}{_drawn_otherwise(plan)}."]


def _drawn_otherwise(plan: DepthPlan) -> str:
    """Returns which layers are not drawn so, where only some are not."""
    off = plan.off_critical
    if len(off) >= plan.depth - 1:
        return ""
    return f": all but {off_critical_words(plan)} are drawn so already"


def off_critical_words(plan: DepthPlan) -> str:
    """Returns the hidden layers whose start is not the critical one: "layer 1", "layers 1 and 9", "5 hidden layers"."""
    off = [str(number) for number in plan.off_critical]
    if len(off) == 1:
        return f"layer {off[0]}"
    if len(off) > MOST_NAMED:
        return f"{len(off)} hidden layers"
    return f"layers {', '.join(off[:-1])} and {off[-1]}"
