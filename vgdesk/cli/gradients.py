"""`vgdesk gradients`: exact gradients for given arrays."""

from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from vgdesk.cli.arguments import EXPERIMENT_NAME
from vgdesk.cli.options import check_output, found_experiment, output_path, require_different
from vgdesk.cli.output import say, say_json
from vgdesk.export.files import has_replaced, write_file


def gradients(
    experiment: EXPERIMENT_NAME,
    out: Annotated[
        Path,
        typer.Option(help="Write loss and gradients to this .npz file.", parser=output_path, metavar="FILE"),
    ],
    parameters: Annotated[
        Path | None,
        typer.Option(help="Take the parameters from this .npz file (else the experiment's own draw).", metavar="FILE"),
    ] = None,
    batch: Annotated[
        Path | None,
        typer.Option(
            help="Take the examples from this .npz file (else the task's first ones, in its own order).", metavar="FILE"
        ),
    ] = None,
    save_parameters: Annotated[
        Path | None,
        typer.Option(help="Write the parameters used to this .npz file.", parser=output_path, metavar="FILE"),
    ] = None,
    save_batch: Annotated[
        Path | None,
        typer.Option(help="Write the examples used to this .npz file.", parser=output_path, metavar="FILE"),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object: loss, and the arrays' shapes.")] = False,
) -> None:
    """Compute the gradient of every parameter and dL/dh of input and layers, or of time steps, for your own arrays.

    All numbers are float64.

    Names in the parameters' file; layer 1 is next to the input, rows are receiving units:

    feed-forward: W1, W2, ... (units, units below) and b1, b2, ... (units), but no b of a layer without bias; where
    a layer, here the third, has them gamma3, beta3 (units), slope3 (1,), gate_W3 (units, units below), gate_b3 (units).

    recurrent: W_ih (gates x width, inputs), W_hh (gates x width, width), b (gates x width), W_out (outputs, width),
    b_out (outputs), and b_hn (width) in a GRU whose reset acts after the product. Gates stand in the order i, f, g, o
    (LSTM) or r, z, n (GRU).

    Names in the batch's file: inputs (batch, inputs) and targets (batch, outputs); of sequences inputs (batch, time
    steps, inputs) and targets (batch, output steps, outputs).

    Names in the written file: loss; d and the parameter's name, in its shape, e.g. dW1; dh0 (batch, inputs) at the
    network's input and dh1, dh2, ... (batch, units) after each layer, or dh (time steps, batch, width) and, of an LSTM,
    dc; log10_dW and log10_dh, the norms of dL/dW of each matrix and of dL/dh of each layer or time step, and log10_dh0,
    that of dh0, which have a number also where the values themselves underflow.

    Dropout is off; batch normalisation uses the batch's own mean and variance.
    """
    from vgdesk.records.parameters import named_arrays
    from vgdesk.study.exact import exact_gradients, read_batch, read_parameters
    from vgdesk.training.array_file import array_bytes

    chosen = found_experiment(experiment)
    written = {"--out": out, "--save-parameters": save_parameters, "--save-batch": save_batch}
    for path in written.values():
        if path is not None:
            check_output(path, (".npz",), experiment)
    require_different(written, {"--parameters": parameters, "--batch": batch})
    start, examples = read_parameters(chosen, parameters), read_batch(chosen, batch)
    found = exact_gradients(chosen, start, examples)
    write_file(out, array_bytes(found))
    if save_parameters is not None:
        write_file(save_parameters, array_bytes(named_arrays(chosen.network, start)))
    if save_batch is not None:
        write_file(save_batch, array_bytes({"inputs": examples.inputs, "targets": examples.targets}))
    if json:
        say_json({"loss": float(found["loss"]), "arrays": {name: list(np.shape(a)) for name, a in found.items()}})
    else:
        place = f"{out}, in place of what stood there" if has_replaced(out) else out
        say(f"loss {float(found['loss'])!r}; {len(found)} arrays are in {place}")
