"""`vgdesk jacobian`: the singular values of the Jacobian from input to output."""

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from vgdesk.cli.arguments import EXPERIMENT_NAME, JSON
from vgdesk.cli.options import check_output, found_experiment, output_path
from vgdesk.cli.output import say, say_json, say_written
from vgdesk.records.jacobian import JacobianSpectrum, SquareMoments


def jacobian(
    experiment: EXPERIMENT_NAME,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Write the spectrum to this file: .png, .svg, .pdf or .csv.", parser=output_path, metavar="FILE"
        ),
    ] = None,
    json: JSON = False,
) -> None:
    """Compare the singular values of dh/dx, from input to output, with theory: orthogonal beside Gaussian matrices.

    The network is drawn as the experiment says, and once more with the other kind
    of matrices at the same sigma_w. Where all singular values are alike, every
    direction arrives (dynamical isometry).

    The JSON object holds: experiment; outputs, inputs (shape of the Jacobian);
    sides (kind "gaussian", "orthogonal" or "given"; own = whether this is the
    experiment's network; log10_singular_values; measured and predicted:
    log10_mean = log10 of the mean of s², relative_variance = Var(s²) / mean²);
    note; reason (why nothing is predicted, or null); written (the file, or null).
    """
    from vgdesk.export.figure import FIGURE_SUFFIXES, export_spectrum
    from vgdesk.present.spectrum import spectrum_scene
    from vgdesk.study.jacobian import jacobian_spectrum

    if out is not None:
        check_output(out, FIGURE_SUFFIXES, experiment)
    found = jacobian_spectrum(found_experiment(experiment))
    scene = spectrum_scene(found)
    if out is not None:
        export_spectrum(scene, out)
    if json:
        say_json({**jacobian_object(found), "written": None if out is None else str(out)})
        return
    for histogram in scene.histograms:
        say(histogram.text)
    if scene.note:
        say(scene.note)
    if out is not None:
        say_written("spectrum", out, False)


def jacobian_object(spectrum: JacobianSpectrum) -> dict[str, object]:
    """Returns a spectrum as plain JSON values."""
    sides = [
        {
            "kind": side.kind,
            "own": side.is_own,
            "log10_singular_values": side.log10_singular.tolist(),
            "measured": _moments(side.measured),
            "predicted": None if side.predicted is None else _moments(side.predicted),
        }
        for side in spectrum.sides
    ]
    return {
        "experiment": spectrum.experiment,
        "outputs": spectrum.outputs,
        "inputs": spectrum.inputs,
        "sides": sides,
        "note": spectrum.note or None,
        "reason": spectrum.reason or None,
    }


def _moments(moments: SquareMoments) -> dict[str, float]:
    return msgspec.to_builtins(moments)
