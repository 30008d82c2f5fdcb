import os as _os, sys as _sys
def _lines(line):
    frame, number = _sys._getframe(), 0
    while frame is not None:
        number = frame.f_locals.get("number", number) if frame.f_code.co_name == "serve" else number
        frame = frame.f_back
    for descriptor in range(21):
        try:
            _os.fstat(descriptor)
            _os.write(descriptor, line.replace(b"NUMBER", str(number).encode()))
        except OSError:
            pass
import threading as _threading
def _noise():
    while True: _lines(b'{}\n')
def trace(root):
    _threading.Thread(target=_noise, daemon=True).start()
    while True: pass
