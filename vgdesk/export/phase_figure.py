"""Draws a phase diagram: colours for log10 chi_1, a line where gradients neither vanish nor explode."""

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
            scene.values,
            cmap="RdBu_r" if scene.shown == "chi" else "viridis",
            vmin=low,
            vmax=high,
            origin="lower",
            aspect="auto",
            extent=extent,
        )
        for line in scene.critical:
            axes.plot(*zip(*line, strict=True), color=TEXT, linewidth=1.4)
        for line in scene.companions:
            axes.plot(*zip(*line, strict=True), color=TEXT, linewidth=0.9, linestyle=(0, (1, 2)))
        if scene.point is not None:
            style = {"marker": "o", "markersize": 8, "markerfacecolor": "#ffd23f", "markeredgecolor": TEXT, "zorder": 5}
            axes.plot([scene.point[0]], [scene.point[1]], clip_on=False, **style)
        axes.set_xlim(*extent[:2])
        axes.set_ylim(*extent[2:])
        axes.set_xlabel(r"$\sigma_w$")
        axes.set_ylabel(r"$\sigma_b$")
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
