"""`vgdesk number-formats`: where float16, bfloat16, float32 and float64 would lose the gradient."""

from vgdesk.cli.arguments import ALSO_OUT, EXPERIMENT_NAME, JSON, STEPS_BEFORE
from vgdesk.cli.options import check_output, found_experiment
from vgdesk.cli.output import say, say_json, written_words
from vgdesk.export.standing import table_kind
from vgdesk.records.format_loss import FormatReport


def number_formats(
    experiment: EXPERIMENT_NAME,
    step: STEPS_BEFORE = 0,
    out: ALSO_OUT = None,
    json: JSON = False,
) -> None:
    """Tell at which layer or time step each number format would lose the gradient, predicted and measured.

    The exact dL/dh and dL/dW of one batch are asked, number by number, what float16,
    bfloat16, float32 and float64 would have stored of them. A place is lost where half
    of its numbers would be 0. Theory predicts where dL/dh is lost before training; the
    loss scale, too, is told of dL/dh.

    The JSON object holds: experiment; step; places ("layer" or "time");
    log10_typical, log10_predicted (per place: log10 of the root of the mean square
    of dL/dh; predicted null where theory says nothing, see reason); formats, each
    with number_format, zero, subnormal, infinite, predicted_zero (shares per
    place), lost_at, predicted_lost_at, overflows_at (places from 1, or null) and
    loss_scale (log2 of the factor on the loss that would keep everything; 0: none
    is needed, null: none helps), all of dL/dh; zero_weights and infinite_weights
    (shares per weight matrix) are of dL/dW.
    """
    from vgdesk.export.figure import FIGURE_SUFFIXES, export_formats
    from vgdesk.present.number_formats import format_scene
    from vgdesk.study.number_formats import compare_formats

    if out is not None:
        check_output(out, FIGURE_SUFFIXES, experiment, table_kind(("place", "log10_typical")))
    studied = found_experiment(experiment)
    report = compare_formats(studied, step)
    scene = format_scene(report, studied.title)
    if out is not None:
        export_formats(scene, out)
    if json:
        say_json(_object(report))
        return
    for sentence in scene.sentences:
        say(sentence)
    if report.reason:
        say(f"no prediction: {report.reason}")
    if out is not None:
        say(written_words(out))


def _object(report: FormatReport) -> dict[str, object]:
    formats = [
        {
            "number_format": loss.number_format,
            "zero": loss.zero.tolist(),
            "subnormal": loss.subnormal.tolist(),
            "infinite": loss.infinite.tolist(),
            "predicted_zero": None if loss.predicted_zero is None else loss.predicted_zero.tolist(),
            "lost_at": loss.lost_at,
            "predicted_lost_at": loss.predicted_lost_at,
            "overflows_at": loss.overflows_at,
            "loss_scale": loss.loss_scale,
            "zero_weights": loss.zero_weights.tolist(),
            "infinite_weights": loss.infinite_weights.tolist(),
        }
        for loss in report.formats
    ]
    return {
        "experiment": report.experiment,
        "step": report.step,
        "places": report.places.value,
        "log10_typical": report.log10_typical.tolist(),
        "log10_predicted": None if report.log10_predicted is None else report.log10_predicted.tolist(),
        "formats": formats,
        "reason": report.reason or None,
    }
