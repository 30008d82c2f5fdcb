from src.autograd.core.engine import Value


def test_addition():
    assert (Value(1) + Value(2)).data == 3
