"""What people call the kinds that a file names in its own short words: activations, losses and rules."""

from vgdesk.spec.activation import ACTIVATION_FACTS, FORMULA, facts_of, family_name

LOSS_WORDS = {
    "mse": "mean squared error",
    "half-mse-sum": "½ Σ (y − t)²",
    "bce": "binary cross-entropy",
    "softmax-cross-entropy": "cross-entropy",
}

KIND_WORDS = {
    "glorot": "Glorot",
    "he": "He",
    "lecun": "LeCun",
    "torch-default": "PyTorch default",
    "scaled-gaussian": "scaled Gaussian",
    "fixed": "fixed deviation",
    "explicit": "given numbers",
    "sgd": "SGD",
    "rmsprop": "RMSprop",
    "adam": "Adam",
    "adamw": "AdamW",
    "adagrad": "Adagrad",
    "lstm": "LSTM",
    "gru": "GRU",
    "warm-up": "warm-up",
}
"""Of rules, update rules and cells; a kind that is missing is a word already."""


def kind_words(kind: str) -> str:
    """Returns what people call a kind."""
    return KIND_WORDS.get(kind, kind.replace("-", " "))


def value_words(value: str) -> str:
    """Returns what people call a value of a field, such as "ReLU" for relu; numbers and words of one's own stay."""
    if value.startswith(FORMULA) or family_name(value) in ACTIVATION_FACTS:
        return facts_of(value).words
    return LOSS_WORDS.get(value, KIND_WORDS.get(value, value))
