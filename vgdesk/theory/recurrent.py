"""stub"""


def predict_recurrent(*a):
    raise NotImplementedError
