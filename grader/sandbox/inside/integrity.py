"""Gives up, on Windows, the right to change what belongs to the user: this process takes the integrity level "low".

From then on it can neither write to files and folders of the user nor end their programs; it can still read. Structures
and numbers are those of winnt.h (mandatory integrity control: TOKEN_MANDATORY_LABEL, SECURITY_MANDATORY_LOW_RID).
"""

from __future__ import annotations

import ctypes
from ctypes import wintypes

TOKEN_QUERY, TOKEN_ADJUST_DEFAULT = 0x8, 0x80
TOKEN_INTEGRITY_LEVEL = 25
SE_GROUP_INTEGRITY = 0x20
LOW = "S-1-16-4096"


class _Label(ctypes.Structure):
    """TOKEN_MANDATORY_LABEL: one SID_AND_ATTRIBUTES."""

    _fields_ = (("sid", ctypes.c_void_p), ("attributes", wintypes.DWORD))


def lower() -> None:
    """Take the level, for good. Where the system does not let it, the canaries tell."""
    advapi = ctypes.WinDLL("advapi32")  # type: ignore[attr-defined,unused-ignore]  # on Windows alone
    kernel = ctypes.WinDLL("kernel32")  # type: ignore[attr-defined,unused-ignore]
    kernel.GetCurrentProcess.restype = wintypes.HANDLE
    advapi.OpenProcessToken.argtypes = (wintypes.HANDLE, wintypes.DWORD, ctypes.POINTER(wintypes.HANDLE))
    advapi.SetTokenInformation.argtypes = (wintypes.HANDLE, ctypes.c_int, ctypes.c_void_p, wintypes.DWORD)
    advapi.GetLengthSid.argtypes = (ctypes.c_void_p,)
    token, sid = wintypes.HANDLE(), ctypes.c_void_p()
    if not advapi.OpenProcessToken(kernel.GetCurrentProcess(), TOKEN_QUERY | TOKEN_ADJUST_DEFAULT, ctypes.byref(token)):
        return
    if advapi.ConvertStringSidToSidW(ctypes.c_wchar_p(LOW), ctypes.byref(sid)):
        label = _Label(sid, SE_GROUP_INTEGRITY)
        size = ctypes.sizeof(label) + advapi.GetLengthSid(sid)
        advapi.SetTokenInformation(token, TOKEN_INTEGRITY_LEVEL, ctypes.byref(label), size)
    kernel.CloseHandle(token)


def can_end(process: int) -> bool:
    """Whether this process could end another one: whether it is given the right to."""
    kernel = ctypes.WinDLL("kernel32")  # type: ignore[attr-defined,unused-ignore]
    kernel.OpenProcess.restype = wintypes.HANDLE
    terminate = 0x1  # PROCESS_TERMINATE
    handle = kernel.OpenProcess(terminate, False, process)
    if handle:
        kernel.CloseHandle(wintypes.HANDLE(handle))
    return bool(handle)
