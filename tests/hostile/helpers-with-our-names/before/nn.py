from process import K
from protocol import K
from worker import K
assert K
