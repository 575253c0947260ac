"""The legend of an exported profile lies on the paper, whatever its words: the measured/predicted number ends it."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from matplotlib.image import imread

from tests.histories import profile
from vgdesk.export.figure import export_profile
from vgdesk.present.profile import profile_scene
from vgdesk.present.scenes import ProfileScene, TheoryBand

WORDS = "predicted at the start, ±1σ, ±2σ · measured/predicted"
RATIOS = ("1.91", "1.35×10⁻¹⁴", "1.35×10⁻¹⁴, a column of its own in length")
FALLING = np.linspace(-12.0, 0.0, 20).tolist()


def scene_with(log10: list[float], ratio: str, exact: tuple[float, ...] = ()) -> ProfileScene:
    theory = TheoryBand(tuple(log10), (0.3,) * len(log10), f"{WORDS} {ratio}")
    return replace(profile_scene(profile(log10), "Sigmoid, 20 layers × 16", ""), theory=theory, symbolic=exact)


def picture(scene: ProfileScene, folder: Path) -> np.ndarray:
    export_profile(scene, folder / "profile.png")
    return imread(folder / "profile.png")[..., :3]


def ink_at_the_sides(pixels: np.ndarray) -> int:
    """Returns how many pixels within 0.05 inches of the left or right edge are not white."""
    return int((pixels[:, :10] < 0.9).any(axis=-1).sum() + (pixels[:, -10:] < 0.9).any(axis=-1).sum())


@pytest.mark.parametrize("ratio", RATIOS)
@pytest.mark.parametrize("log10", [FALLING, [-1.0, -0.5]])
@pytest.mark.parametrize("has_exact", [True, False])
def test_legend_reaches_no_side_of_the_paper(tmp_path: Path, log10: list[float], ratio: str, has_exact: bool):
    scene = scene_with(log10, ratio, tuple(log10) if has_exact else ())
    assert ink_at_the_sides(picture(scene, tmp_path)) == 0


def test_another_ratio_is_another_picture_of_the_legend(tmp_path: Path):
    one, other = (picture(scene_with(FALLING, ratio), tmp_path) for ratio in ("1.91", "1.97"))
    different = np.argwhere((one != other).any(axis=-1))
    assert len(different) > 0
    assert different[:, 0].min() > 0.8 * len(one)
