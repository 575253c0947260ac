"""From the spec's optimiser and clipping to the kernels' words.

Numbers become floats whatever a person wrote: a kernel is compiled anew for each type it meets.
"""

from vgdesk.kernels.clipping import BY_NORM, BY_VALUE, Cap
from vgdesk.kernels.rules import ADAGRAD, ADAM, GENERAL_RMSPROP, MOMENTUM, PLAIN, RMSPROP, Rule
from vgdesk.spec.clipping import ClipByNorm, Clipping
from vgdesk.spec.optimiser import Adagrad, Adam, AdamW, Optimiser, RmsProp, Sgd


def kernel_rule(optimiser: Optimiser) -> Rule:
    """Returns the update rule; the learning rate is given step by step and is not part of it."""
    decay = float(optimiser.weight_decay)
    match optimiser:
        case Sgd(momentum=momentum, dampening=dampening, nesterov=nesterov):
            code = MOMENTUM if momentum else PLAIN
            return Rule(code, float(momentum), float(dampening), int(nesterov), weight_decay=decay)
        case RmsProp():
            return Rule(
                GENERAL_RMSPROP if optimiser.momentum or optimiser.centred else RMSPROP,
                float(optimiser.momentum),
                memory=float(optimiser.alpha),
                epsilon=float(optimiser.epsilon),
                weight_decay=decay,
                centred=int(optimiser.centred),
            )
        case Adagrad(epsilon=epsilon):
            return Rule(ADAGRAD, memory=1.0, epsilon=float(epsilon), weight_decay=decay)
        case Adam() | AdamW():
            return Rule(
                ADAM,
                float(optimiser.beta1),
                memory=float(optimiser.beta2),
                epsilon=float(optimiser.epsilon),
                weight_decay=decay,
                decoupled=int(isinstance(optimiser, AdamW)),
                amsgrad=int(optimiser.amsgrad),
            )


def kernel_cap(clipping: Clipping | None) -> Cap:
    """Returns the clipping."""
    if clipping is None:
        return Cap()
    return Cap(BY_NORM if isinstance(clipping, ClipByNorm) else BY_VALUE, float(clipping.maximum))
