"""Draws a phase diagram: colours for log10 chi_1, a line where gradients neither vanish nor explode."""

import numpy as np
from matplotlib.axes import Axes

from vgdesk.export.sheet import TEXT, WIDTH, axes_under_heading, encoded, paper
from vgdesk.present.phase import PhaseScene


def phase_picture(scene: PhaseScene, suffix: str) -> bytes:
    """Returns the picture's bytes in the format of `suffix`."""
    with paper():
        axes = axes_under_heading(scene.title, scene.subtitle, left=0.55, right=0.95)
        low, high = scene.colour_range
        extent = (scene.sigma_w[0], scene.sigma_w[-1], scene.sigma_b[0], scene.sigma_b[-1])
        image = axes.imshow(
            scene.log10_chi, cmap="RdBu_r", vmin=low, vmax=high, origin="lower", aspect="auto", extent=extent
        )
        if np.nanmin(scene.log10_chi, initial=0.0) < 0.0 < np.nanmax(scene.log10_chi, initial=0.0):
            axes.contour(scene.sigma_w, scene.sigma_b, scene.log10_chi, levels=[0.0], colors=TEXT, linewidths=1.4)
        axes.set_xlabel("σ_w")
        axes.set_ylabel("σ_b")
        draw_colour_bar(axes, image, scene.colour_label)
        return encoded(axes, suffix)


def draw_colour_bar(axes: Axes, image, label: str) -> None:
    """Puts a colour bar with a label at the right of the axes."""
    figure = axes.get_figure(root=True)
    if figure is None:
        raise ValueError("the axes belong to no figure")
    box = axes.get_position()
    bar_axes = figure.add_axes((box.x1 + 0.12 / WIDTH, box.y0, 0.13 / WIDTH, box.height))
    figure.colorbar(image, cax=bar_axes, label=label).outline.set_visible(False)
