"""An edit that the phase diagram offers: another sigma_w and sigma_b in every layer. Spec to spec."""

import msgspec

from vgdesk.spec.experiment import Experiment
from vgdesk.spec.initialisation import ScaledGaussian
from vgdesk.spec.network import FeedForward
from vgdesk.ui.state.edits import renamed


def with_sigmas(experiment: Experiment, sigma_w: float, sigma_b: float) -> Experiment:
    """Returns the experiment with weights of N(0, sigma_w² / fan_in) and biases of N(0, sigma_b²) in all layers."""
    rule = ScaledGaussian(sigma_w=sigma_w, sigma_b=sigma_b)
    network = experiment.network
    if isinstance(network, FeedForward):
        layers = tuple(msgspec.structs.replace(layer, initialisation=None) for layer in network.layers)
        network = msgspec.structs.replace(network, layers=layers)
    edited = msgspec.structs.replace(experiment, network=network, initialisation=rule)
    return experiment if edited == experiment else renamed(edited)
