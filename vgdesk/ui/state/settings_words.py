"""What people read of the training settings: words and one line of help per field, words per kind, and the groups.

A field is called "Class.field" after the spec it belongs to, because two specs may have a field of the same name.
"""

DROPOUT = "network.dropout"
"""Is no field of the experiment: one number for all hidden layers."""
QUANTITIES_PATH = "recording.what.quantities"
NONE = "none"

GROUPS: dict[str, tuple[str, ...]] = {
    "Update rule": ("training.optimiser", "training.schedule"),
    "Clipping": ("training.clipping",),
    "Steps and examples": (
        "training.steps", "training.batch_size", "training.shuffle", "training.held_out", DROPOUT,
        "training.precision",
    ),
    "Before training": ("training.pretraining",),
    "Recording": ("recording.when", "recording.what.histogram", QUANTITIES_PATH),
}  # fmt: skip
"""Heading -> paths of the settings under it, in the order of the panel."""

KINDS: dict[str, str] = {
    "sgd": "SGD",
    "momentum": "SGD, momentum",
    "nesterov": "SGD, Nesterov",
    "rmsprop": "RMSprop",
    "adam": "Adam",
    "amsgrad": "Adam, AMSGrad",
    "adamw": "AdamW",
    "adagrad": "Adagrad",
    "constant": "constant rate",
    "step-decay": "falls in steps",
    "cosine": "falls along a cosine",
    "warm-up": "warm-up, then",
    "norm": "by norm",
    "value": "by value",
    "layer-wise": "layer by layer",
    "mse": "linear output, MSE",
    "cross-entropy": "sigmoid, cross-entropy",
    "every": "every n steps",
    "log-spaced": "log-spaced",
    "histogram": "of z, per place",
    "float64": "float64",
    "float32": "float32",
    NONE: "none",
}

FIELDS: dict[str, tuple[str, str]] = {
    "Training.optimiser": ("Optimiser", "The rule by which a gradient changes a parameter, as in PyTorch"),
    "Training.schedule": ("Schedule", "How the learning rate changes with the steps"),
    "Training.clipping": ("Clipping", "Caps the gradient before each update; it never makes one larger"),
    "Training.steps": ("Steps", "Number of updates"),
    "Training.batch_size": ("Batch size", "Examples per step; empty takes all of them at every step"),
    "Training.shuffle": ("New order each epoch", "Draws the order of the examples from the seed at every epoch"),
    "Training.precision": (
        "Number format",
        "float64 is the reference; float32 is faster and loses small numbers",
    ),
    "Training.held_out": ("Held-out share", "Share of the examples that is never trained on, 0 to 0.9"),
    "Training.pretraining": ("Pre-training", "Teaches each hidden layer to rebuild its input before the first step"),
    "Sgd.learning_rate": ("Learning rate", "Factor of every update; 0 watches without moving"),
    "Sgd.momentum": ("Momentum", "Share of the last update that is kept, from 0 to below 1"),
    "Sgd.dampening": ("Dampening", "Share of the gradient that does not enter the momentum"),
    "Sgd.nesterov": ("Nesterov's look ahead", "Needs a momentum above 0 and a dampening of 0"),
    "Sgd.weight_decay": ("Weight decay (L2)", "Adds this multiple of each parameter to its gradient"),
    "RmsProp.learning_rate": ("Learning rate", "Factor of every update"),
    "RmsProp.alpha": ("Alpha", "Share of the mean square that is kept at each step"),
    "RmsProp.epsilon": ("Epsilon", "Added to the root, so that nothing is divided by 0"),
    "RmsProp.weight_decay": ("Weight decay (L2)", "Adds this multiple of each parameter to its gradient"),
    "RmsProp.momentum": ("Momentum", "Share of the last update that is kept, from 0 to below 1"),
    "RmsProp.centred": ("Centred", "Divides by the deviation in place of the root mean square"),
    "Adam.learning_rate": ("Learning rate", "Factor of every update"),
    "Adam.beta1": ("Beta 1", "Share of the mean gradient that is kept at each step"),
    "Adam.beta2": ("Beta 2", "Share of the mean square that is kept at each step"),
    "Adam.epsilon": ("Epsilon", "Added to the root, so that nothing is divided by 0"),
    "Adam.weight_decay": ("Weight decay (L2)", "Adds this multiple of each parameter to its gradient"),
    "Adam.amsgrad": ("AMSGrad", "Divides by the largest mean square so far"),
    "AdamW.learning_rate": ("Learning rate", "Factor of every update"),
    "AdamW.beta1": ("Beta 1", "Share of the mean gradient that is kept at each step"),
    "AdamW.beta2": ("Beta 2", "Share of the mean square that is kept at each step"),
    "AdamW.epsilon": ("Epsilon", "Added to the root, so that nothing is divided by 0"),
    "AdamW.weight_decay": ("Weight decay", "Shrinks each parameter itself, beside its gradient"),
    "AdamW.amsgrad": ("AMSGrad", "Divides by the largest mean square so far"),
    "Adagrad.learning_rate": ("Learning rate", "Factor of every update"),
    "Adagrad.epsilon": ("Epsilon", "Added to the root, so that nothing is divided by 0"),
    "Adagrad.weight_decay": ("Weight decay (L2)", "Adds this multiple of each parameter to its gradient"),
    "StepDecay.every": ("After every", "Number of steps between two falls"),
    "StepDecay.factor": ("Times", "Factor of the learning rate at each fall"),
    "Cosine.steps": ("Until step", "From this step on the learning rate stays at its least"),
    "Cosine.minimum": ("Least rate", "The learning rate at the end of the cosine"),
    "WarmUp.steps": ("Rises for", "Number of steps in which the rate rises to the learning rate"),
    "WarmUp.after": ("Afterwards", "The schedule that begins when the rate has risen"),
    "ClipByNorm.maximum": ("Largest norm", "Norm over all weights and biases that a gradient may have"),
    "ClipByValue.maximum": ("Largest value", "Size that an element of the gradient may have"),
    "LayerWise.steps": ("Steps per layer", "Number of updates for each hidden layer"),
    "LayerWise.learning_rate": ("Its learning rate", "Learning rate of the pre-training"),
    "LayerWise.reconstruction": ("Rebuilds with", "How the rebuilt input of a layer is compared with the input"),
    "Recording.when": ("Record", "Which steps are recorded; the first and the last one always are"),
    "EveryNth.n": ("n", "1 records every step"),
    "LogSpaced.per_decade": ("Per decade", "Recorded steps from 1 to 10, from 10 to 100, ..."),
    "What.histogram": ("Histogram", "Shares of the values before the activation, in equal bins"),
    "Histogram.bins": ("Bins", "Number of equal bins; two more hold what lies outside"),
    "Histogram.low": ("From", "Lower end of the first bin"),
    "Histogram.high": ("To", "Upper end of the last bin"),
}
DROPOUT_WORDS = ("Dropout", "Probability with which a unit of a hidden layer is dropped at a step, 0 to 0.99")
