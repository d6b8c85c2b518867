#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""make_seeds.py TARGET FOLDER: writes the seed corpus of a fuzz target. What is in the folder already stays."""
import os
import re
import struct
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def call_names():
    """The system calls in the order of their numbers."""
    with open(os.path.join(ROOT, "src/kernel/services/syscall_table.h"), encoding="utf-8") as file:
        text = file.read()
    table = text[text.index("#define PW_SYSTEM_CALLS(CALL)"):]
    table = table[:table.index("\n\n")]
    return re.findall(r"CALL\((\w+)\)", table)[0:]


def wire():
    yield b"\x02" + struct.pack("<IIII20sI", 1, 0x57575031, 1, 0, b"seed", 0)
    yield b"\x03" + struct.pack("<IIQQQQQII", 2, 1, 0x110000000000, 1 << 36, 0, 0, 1, 8, 99)
    yield b"\x00" + struct.pack("<III", 3, 1, 5) + b"why\x01?" + bytes(495)
    yield b"\x00" + struct.pack("<IIQ", 4, 0, 7)
    yield b"\x02" + struct.pack("<Ii", 5, 0)
    for operation in range(1, 6):
        flags = 2 if operation in (1, 4) else 0
        descriptors = 1 if flags else 0
        yield bytes([descriptors]) + struct.pack("<IIQQQQQII", 6, operation, 1, 0x110000010000, 0x10000, 3, 0, 3, flags)
    for number in range(len(call_names())):
        yield b"\x00" + struct.pack("<III", number, 0, 64) + bytes(160)


def handle(index):
    return bytes([0xEE, index]) + bytes(6)


def address(index):
    return bytes([0xDD, index]) + bytes(6)


def dispatch():
    names = call_names()
    number = {name: index for index, name in enumerate(names)}

    def call(name, fields=b"", payload=b""):
        return bytes([number[name] & 0xFF, len(payload)]) + fields + payload

    def attributes(name):
        # root, name range, security range, OBJ_CASE_INSENSITIVE | OBJ_OPENIF, has_name
        return struct.pack("<QIIIIIB3x", 0, 0, len(name), 0, 0, 0xC0, 1 if name else 0)

    def text(name):
        return name.encode("utf-16-le")

    device = text("\\Device\\Chaos")
    # object (32), access, file attributes, share, disposition, options, allocation
    opened = call("NtCreateFile", attributes(device) + struct.pack("<IIIII4xQ", 0xC0100000, 0, 7, 1, 0x20, 0), device)
    overlapped = call("NtCreateFile", attributes(device) + struct.pack("<IIIII4xQ", 0xC0100000, 0, 7, 1, 0, 0), device)
    yield opened + call("NtClose", handle(3))
    for code in (0x222000, 0x222006, 0x222009, 0x22200F, 0x222016, 0x222018):
        control = (handle(3) + handle(0) + address(1) + bytes(16) + struct.pack("<II", code, 64) + address(0) + address(2) +
                   struct.pack("<II", 64, 0) + bytes(8))
        yield opened + call("NtDeviceIoControlFile", control)
        yield overlapped + call("NtDeviceIoControlFile", control) + call("NtCancelIoFileEx", handle(3) + bytes(16))
    name = text("\\BaseNamedObjects\\s")
    section = call("NtCreateSection", attributes(name) + struct.pack("<IIIxxxxQ", 0xF001F, 4, 0x8000000, 65536) + handle(0), name)
    view = call("NtMapViewOfSection", handle(3) + handle(1) + bytes(32) + struct.pack("<III4x", 2, 0, 4))
    yield section + view + view + call("NtQuerySection", handle(3)) + call("NtClose", handle(3))
    yield call("NtCreateEvent", attributes(name) + struct.pack("<IIB7x", 0x1F0003, 1, 0), name) + call("NtSetEvent", handle(3))
    yield call("NtAllocateVirtualMemory", handle(1) + bytes(8) + struct.pack("<QII", 70000, 0x3000, 4)) * 3
    for index, call_name in enumerate(names):
        yield bytes([index & 0xFF, 40]) + bytes(120) + device
        yield bytes([index & 0xFF, 16]) + handle(1) * 3 + address(0) * 4 + struct.pack("<I", 3) * 16 + name


def security():
    for text in ("O:BAG:SYD:P(A;;GA;;;SY)(A;;GR;;;WD)", "D:(D;OICI;0x1200a9;;;S-1-22-1-1000)S:(AU;SAFA;FA;;;WD)", "O:S-1-5-18",
                 "D:NO_ACCESS_CONTROL", "S:(ML;;NW;;;LW)", "D:PARAI(A;CIIO;GRGWGX;;;AU)", "G:DU", "D:", "O:SYG:SY"):
        yield b"\0" + text.encode()
    sid = struct.pack("<BB6sI", 1, 1, b"\0\0\0\0\0\5", 18)
    ace = struct.pack("<BBHI", 0, 0, 8 + len(sid), 0x10000000) + sid
    acl = struct.pack("<BBHHH", 2, 0, 8 + len(ace), 1, 0) + ace
    owner, group, dacl = 20, 20 + len(sid), 20 + 2 * len(sid)
    yield b"\1" + struct.pack("<BBHIIII", 1, 0, 0x8004, owner, group, 0, dacl) + sid + sid + acl
    yield b"\1" + struct.pack("<BBHIIII", 1, 0, 0x8004, 0, 0, 0, 0)


def seh():
    yield b"void f(void) { __try { g(); } __except (1) { h(); } }\n"
    yield b"int f(void) { __try { if (x) __leave; } __finally { b(); } return 1; }\n"
    yield b"#define TRY __try {\n#define END } __except (1) { }\nvoid f(void) { TRY a(); END }\n"
    yield b"auto l = [](int a) mutable { __try { a++; } __finally { } };\n"
    yield b'const char* s = "__try { } __except (1) { }"; // __try \\\n more\n/* __finally */ char c = \'"\';\n'
    yield b'auto r = R"x(__try { )" )x";\n#if 0\ndon\'t\n#endif\nstruct S { void m() const noexcept { _try { } _except (0) { } } };\n'
    yield b"void f() { try { } __finally { } }\n"
    yield b"int (*table[])(void) = {0}; static __forceinline int g(int a) \\\r\n { __try { return a; } __except(EXCEPTION_EXECUTE_HANDLER) { return 0; } }\n"


def paths():
    for path in ("Z:\\dir\\..\\file", "\\\\.\\Chaos", "\\\\?\\Z:\\a\\..\\b", "\\??\\GLOBALROOT\\Device\\X", "CON", "nul.txt", "..\\..\\..",
                 "\\Device", "\\??\\Loop\\Loop", "Z:/mixed\\slashes//", "\"Z:\\a b\\c.sys\" -x", "\\\\server\\share\\file", "Z:", "C:\\windows",
                 "\\\\?\\UNC\\s\\s", "a" * 300, "\\"):
        yield path.encode("latin-1")
    yield b"\x01\x00\xd8\x01\x41\x00"


def main():
    target, folder = sys.argv[1], sys.argv[2]
    seeds = {"wire": wire, "dispatch": dispatch, "security": security, "seh": seh, "paths": paths}[target]
    os.makedirs(folder, exist_ok=True)
    for index, seed in enumerate(seeds()):
        path = os.path.join(folder, f"seed-{index:03}")
        with open(path, "wb") as file:
            file.write(seed)


main()
