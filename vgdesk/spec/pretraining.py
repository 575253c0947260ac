"""Greedy layer-wise pre-training: layer after layer learns to rebuild its input before the network is trained as one.

Schmidhuber 1992 trained a hierarchy of recurrent networks level by level; Bengio et al. 2007 (section 3) is the
feed-forward form meant here: every hidden layer in turn, from the input on, is the encoder of a network with one hidden
layer whose linear output has to equal its input (mean squared error); layers below stay as they are, the decoder is
thrown away. The output layer keeps its draw.
"""

from vgdesk.spec.base import Spec, require_finite, require_integer


class LayerWise(Spec, frozen=True, tag="layer-wise", tag_field="kind"):
    """Pre-trains each hidden layer as an autoencoder by plain gradient descent.

    Attributes
    ----------
    steps
        Updates per layer.
    learning_rate
        Its learning rate.
    """

    steps: int = 200
    learning_rate: float = 0.1

    def __post_init__(self) -> None:
        require_integer("steps of the pre-training", self.steps, 1, 1_000_000)
        require_finite("learning_rate of the pre-training", self.learning_rate, 0.0, 1e6)
