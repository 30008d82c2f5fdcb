import ctypes
import os
import sys

lock, server = sys.modules["inside.lock"], sys.modules["inside.fork_server"]
libc = ctypes.CDLL(None, use_errno=True)


def attempts():
    for parent in (os.getppid(), 1, 2):
        for number in range(1, 65):
            yield lambda n=number, p=parent: os.kill(p, n)
            yield lambda n=number, p=parent: libc.syscall(424, p, n, None, 0)  # pidfd_send_signal
        yield lambda p=parent: libc.syscall(101, 16, p, None, None)  # ptrace, attach
        yield lambda p=parent: libc.syscall(310, p, None, 0, None, 0, 0)  # process_vm_readv
        yield lambda p=parent: libc.syscall(141, 0, p, 19)  # setpriority
        yield lambda p=parent: open(f"/proc/{p}/mem", "r+b")
    for descriptor in range(64):
        yield lambda d=descriptor: libc.syscall(72, d, 8, os.getppid())  # fcntl, F_SETOWN
    for kind in (0, 0x20000000, 0x10000000):
        yield lambda k=kind: libc.syscall(56, k | 17, 0, 0, 0, 0)  # clone
        yield lambda k=kind: lock._call("unshare", k)
    yield lock.fork
    yield lambda: lock.prepare(namespaces=True)
    yield lambda: lock.lock(b"\x06\0\0\0\0\0\xff\x7f", landlocked=False)
    yield lambda: libc.prctl(1, 0, 0, 0, 0)
    yield lambda: libc.alarm(0)
    for descriptor in range(64):  # whatever is not a socket is closed by this, its own pipes as well
        yield lambda d=descriptor: server._tell(d, b"0")
        yield lambda d=descriptor: server._tell(d, b"begun", d)
        yield lambda d=descriptor: server._order(d)


here = os.getpid()
for attempt in attempts():
    try:
        attempt()
    except BaseException:
        pass
    if os.getpid() != here:
        os._exit(0)
