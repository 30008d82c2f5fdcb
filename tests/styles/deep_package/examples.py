from src.autograd.core.engine import Value

assert (Value(1) + Value(2)).data == 3
