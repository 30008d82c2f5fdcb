import time
for _ in range(4): time.sleep(1)
import os
def trace(root):
    os._exit(0)
