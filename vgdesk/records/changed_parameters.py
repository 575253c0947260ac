"""Parameters with single numbers changed, by the names of `vgdesk.records.learned_names`."""

from collections.abc import Mapping

import numpy as np

from vgdesk.errors import SpecError
from vgdesk.records.learned_names import learned_positions
from vgdesk.records.parameters import Parameters, named_arrays, parameters_of
from vgdesk.spec.experiment import Network

_MOST_LISTED = 12


def with_numbers(network: Network, parameters: Parameters, numbers: Mapping[str, float]) -> Parameters:
    """Returns the parameters with some of them changed, by name.

    Raises
    ------
    SpecError
        The network has no parameter of that name.
    """
    places = learned_positions(network)
    arrays = {name: np.array(array) for name, array in named_arrays(network, parameters).items()}
    for name, value in numbers.items():
        if name not in places:
            listed = list(places)
            shown = listed if len(listed) <= _MOST_LISTED else [*listed[:6], "...", *listed[-4:]]
            raise SpecError(f"the network has no parameter {name!r}; allowed are {', '.join(shown)}")
        array, index = places[name]
        arrays[array][index] = value
    return parameters_of(network, arrays)
