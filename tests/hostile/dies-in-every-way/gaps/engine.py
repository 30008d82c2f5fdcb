# exercise: add
import os; os._exit(0)
# exercise: mul
while True: pass
# exercise: pow
import time; time.sleep(1000)
# exercise: exp
import os; os.abort()
# exercise: log
while True:
    try:
        while True: pass
    except BaseException: pass
# exercise: tanh
import sys; sys.setrecursionlimit(10**9)
def f(): f()
f()
# exercise: relu
import sys; sys.exit(0)
