import atexit, builtins, ctypes, gc, json, os, signal, sys, threading, time
for name in 'id hasattr repr eval exec compile print open bytes vars sorted hash'.split():
    setattr(builtins, name, lambda *a, **k: 1 / 0)
os.write = os.read = os._exit = json.loads = json.dumps = time.time = lambda *a, **k: 1 / 0
for number in range(1, 32):
    try: signal.signal(number, signal.SIG_IGN)
    except Exception: pass
atexit.register(lambda: time.sleep(1000))
sys.stdout = sys.stderr = sys.stdin = None
sys.meta_path.insert(0, None); sys.path.clear(); sys.modules['json'] = None
sys.settrace(lambda *a: None); sys.setprofile(lambda *a: None); gc.disable()
sys.excepthook = sys.displayhook = lambda *a: os.abort()
def spin():
    while True: pass
threading.Thread(target=spin, daemon=True).start()
