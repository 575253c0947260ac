"""Greedy layer-wise pre-training: layer after layer learns to rebuild its input before the network is trained as one.

Schmidhuber 1992 trained a hierarchy of recurrent networks level by level; Bengio et al. 2007 (section 3) is the
feed-forward form meant here: every hidden layer in turn, from the input on, is the encoder of a network with one hidden
layer whose output has to equal its input; layers below stay as they are, the decoder is thrown away. The output layer
keeps its draw. Two outputs are offered:

    mse             a linear output, mean of the squared errors
    cross-entropy   a sigmoid output, -sum [x ln r + (1 - x) ln (1 - r)]          Bengio et al. 2007, section 3

The second is the historical one and the one that cures deep sigmoids: before a sigmoid output the sums must become
large, so encoder and decoder grow until a layer's factor is near 1. A linear output lets the encoder stay small and
flat, and the gradient vanishes as before. Where the numbers to rebuild do not lie in [0, 1], as with standardised
inputs, a layer has the linear output in either case (there, section 4).
"""

from vgdesk.spec.base import Spec, require_choice, require_finite, require_integer

RECONSTRUCTIONS = ("mse", "cross-entropy")


class LayerWise(Spec, frozen=True, tag="layer-wise", tag_field="kind"):
    """Pre-trains each hidden layer as an autoencoder by plain gradient descent.

    Attributes
    ----------
    steps
        Updates per layer.
    learning_rate
        Its learning rate. The loss is the batch mean of a mean over the units with "mse", of a sum over the units with
        "cross-entropy".
    reconstruction
        One of `RECONSTRUCTIONS`: how the rebuilt input is compared with the input.
    """

    steps: int = 200
    learning_rate: float = 0.1
    reconstruction: str = "mse"

    def __post_init__(self) -> None:
        require_integer("steps of the pre-training", self.steps, 1, 1_000_000)
        require_finite("learning_rate of the pre-training", self.learning_rate, 0.0, 1e6)
        require_choice("reconstruction of the pre-training", self.reconstruction, RECONSTRUCTIONS)
