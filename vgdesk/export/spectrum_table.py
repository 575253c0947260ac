"""The two spectra -> comma-separated tables.

| table       | columns                                                                                             |
|-------------|-----------------------------------------------------------------------------------------------------|
| spectrum    | matrices (e.g. "Gaussian (this network)"), number (1 is the largest), log10_singular_value          |
| unit circle | what (a block of W_hh, or a line over the lag), number (of the eigenvalue, or the lag), real,       |
|             | imaginary (of an eigenvalue), log10 (of a norm)                                                     |
"""

from vgdesk.export.table import table_bytes
from vgdesk.present.spectrum import SpectrumScene
from vgdesk.present.unit_circle import UnitCircleScene


def spectrum_table(scene: SpectrumScene) -> bytes:
    """Returns one row per singular value; -inf where it is 0 up to rounding."""
    rows = (
        (histogram.label, str(number), repr(value))
        for histogram, values in zip(scene.histograms, scene.singular, strict=True)
        for number, value in enumerate(values.tolist(), start=1)
    )
    return table_bytes(("matrices", "number", "log10_singular_value"), rows)


def unit_circle_table(scene: UnitCircleScene) -> bytes:
    """Returns one row per eigenvalue, then one per line and lag."""
    eigenvalues = [
        (cloud.label, str(number), repr(real), repr(imaginary), "")
        for cloud in scene.clouds
        for number, (real, imaginary) in enumerate(zip(cloud.real.tolist(), cloud.imaginary.tolist(), strict=True), 1)
    ]
    lags = [
        (line.label, str(lag), "", "", repr(value))
        for line in scene.lags.lines
        for lag, value in enumerate(line.log10.tolist())
    ]
    return table_bytes(("what", "number", "real", "imaginary", "log10"), [*eigenvalues, *lags])
