# exercise: add
_lines(b'garbage')
# exercise: mul
_lines(b'x' * 200_000 + b'\n')
# exercise: pow
_lines(b'{"id": NUMBER, "answers": []}\n')
# exercise: exp
_lines(b'{"id": NUMBER, "answers": [1.0, 1.0]}\n'); import time; time.sleep(9)
# exercise: log
_os.closerange(0, 100)
# exercise: tanh
_lines(b'{"id": NUMBER, "error": {"type": 7}}\n')
# exercise: relu
_lines(b'{"id": 1e999, "hello": "submission"}\n{}\n')
