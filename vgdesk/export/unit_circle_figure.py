"""Draws the eigenvalues of W_hh in the complex plane and, beside them, |dh_T/dh_t| over the lag."""

import textwrap

import numpy as np
from matplotlib.axes import Axes

from vgdesk.export.lag_figure import draw_lags
from vgdesk.export.sheet import DIM, TONE_COLOURS, WIDTH, axes_under_heading, encoded, paper
from vgdesk.present.unit_circle import UnitCircleScene

_GAP = 0.85
"""Inches between the two plots, for the labels of the second."""


def unit_circle_picture(scene: UnitCircleScene, suffix: str) -> bytes:
    """Returns the picture's bytes in the format of `suffix`."""
    note = textwrap.fill(f"{scene.note} {scene.lags.note}", 112)
    with paper():
        plane = axes_under_heading(scene.title, scene.subtitle, below=0.62 + 0.15 * (note.count("\n") + 1))
        figure = plane.get_figure(root=True)
        if figure is None:
            raise ValueError("the axes belong to no figure")
        box, height = plane.get_position(), float(figure.get_figheight())
        side = box.height * height / WIDTH
        plane.set_position((box.x0, box.y0, side, box.height))
        left = box.x0 + side + _GAP / WIDTH
        _draw_plane(plane, scene)
        draw_lags(figure.add_axes((left, box.y0, box.x1 - left, box.height)), scene.lags)
        style = {"color": DIM, "size": 7.0, "parse_math": False, "va": "top", "linespacing": 1.4}
        plane.text(0, -0.19, note, transform=plane.transAxes, **style)
        return encoded(plane, suffix)


def _draw_plane(axes: Axes, scene: UnitCircleScene) -> None:
    axes.set_xlim(-scene.reach, scene.reach)
    axes.set_ylim(-scene.reach, scene.reach)
    axes.set_xticks(scene.ticks)
    axes.set_yticks(scene.ticks)
    axes.set_xlabel(scene.x_label)
    axes.set_ylabel(scene.y_label)
    axes.grid()
    angle = np.linspace(0.0, 2.0 * np.pi, 361)
    for circle in scene.circles:
        style = "solid" if circle.is_unit else (0, (4, 2))
        axes.plot(
            circle.radius * np.cos(angle), circle.radius * np.sin(angle), color=DIM, linewidth=0.9, linestyle=style
        )
    for cloud in scene.clouds:
        axes.plot(
            cloud.real,
            cloud.imaginary,
            color=TONE_COLOURS[cloud.tone],
            linestyle="none",
            marker=".",
            markersize=3.5,
            label=cloud.label,
        )
    if len(scene.clouds) > 1:
        axes.legend(loc="center", fontsize=6.5)
