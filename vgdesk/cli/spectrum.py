"""`vgdesk spectrum`: the eigenvalues of W_hh, and what the recurrent network does over the lag."""

from pathlib import Path
from typing import Annotated

import typer

from vgdesk.cli.arguments import JSON
from vgdesk.cli.options import check_output, found_experiment, output_path
from vgdesk.cli.output import say, say_json, say_written
from vgdesk.errors import SpecError
from vgdesk.records.spectrum import CellPath, RecurrentSpectrum


def spectrum(
    experiment: Annotated[
        str | None,
        typer.Argument(help="A bundled example with a recurrent network (see `vgdesk examples`) or a JSON file."),
    ] = None,
    counterexample: Annotated[
        bool,
        typer.Option(
            "--counterexample", help="Show, in place of an experiment, a W_hh whose eigenvalues are 0 and explode."
        ),
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Write the picture to this file: .png, .svg, .pdf or .csv.", parser=output_path, metavar="FILE"
        ),
    ] = None,
    json: JSON = False,
) -> None:
    """Show the eigenvalues of W_hh beside the unit circle, and how |dh_T/dh_t| changes with the lag T - t.

    The JSON object holds: experiment; cell; gates (gate, eigenvalues as [real,
    imaginary], spectral_radius, largest_singular_value); steepest (max phi', null
    of cells with gates); verdict; log10_norm (log10 of |dh_T/dh_t| at lag 0, 1,
    ...); log10_bound (the same of the bound, or null); fit (log10_start, slope in
    decades per step, half_life in steps; or null); cell_path (of an LSTM: log10,
    and the lags at which half, 90% and all of float32 is lost, measured and, by
    the forget bias alone, predicted, where a lag beyond the sequence carries its
    line on; else null); written (the file, or null).
    """
    from vgdesk.export.figure import FIGURE_SUFFIXES, export_unit_circle
    from vgdesk.present.unit_circle import unit_circle_scene

    if out is not None:
        check_output(out, FIGURE_SUFFIXES, experiment or "")
    found = _found(experiment, counterexample)
    scene = unit_circle_scene(found)
    if out is not None:
        export_unit_circle(scene, out)
    if json:
        say_json({**spectrum_object(found), "written": None if out is None else str(out)})
        return
    for cloud in scene.clouds:
        say(cloud.text)
    say(found.verdict)
    if scene.lags.note:
        say(scene.lags.note)
    if out is not None:
        say_written("spectrum", out, False)


def _found(experiment: str | None, counterexample: bool) -> RecurrentSpectrum:
    if (experiment is None) != counterexample:
        raise SpecError("name an experiment with a recurrent network, or give --counterexample, and not both")
    if experiment is None:
        from vgdesk.theory.eigenvalue_rule import counterexample as find

        return find()
    from vgdesk.study.recurrent_spectrum import recurrent_spectrum

    return recurrent_spectrum(found_experiment(experiment))


def spectrum_object(found: RecurrentSpectrum) -> dict[str, object]:
    """Returns a recurrent network's spectrum as plain JSON values."""
    gates = [
        {
            "gate": gate.gate or None,
            "eigenvalues": list(zip(gate.real.tolist(), gate.imaginary.tolist(), strict=True)),
            "spectral_radius": gate.spectral_radius,
            "largest_singular_value": gate.largest_singular_value,
        }
        for gate in found.gates
    ]
    fit = found.fit
    return {
        "experiment": found.experiment,
        "cell": found.cell,
        "gates": gates,
        "steepest": found.steepest,
        "verdict": found.verdict,
        "log10_norm": found.log10_norm.tolist(),
        "log10_bound": found.log10_bound.tolist() or None,
        "fit": None
        if fit is None
        else {"log10_start": fit.log10_start, "slope": fit.slope, "half_life": fit.half_life},
        "cell_path": None if found.cell_path is None else _path_object(found.cell_path),
    }


def _path_object(path: CellPath) -> dict[str, object]:
    names = ("half", "tenth", "float32", "predicted_half", "predicted_tenth", "predicted_float32")
    return {"log10": path.log10.tolist(), **{name: getattr(path, name) for name in names}}
