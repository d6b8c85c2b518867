#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The house rules of the source tree: layers, includes, file sizes, licence lines, folder pages, links, scripts that fetch.

    house_rules.py [ROOT]     checks the tree; prints `file:line: rule: text` for each violation; exit code 1 if there is
                              one. Warnings are printed as `file:line: warning: rule: text` and do not fail.

The layers come from tools/layers.txt. Files that git ignores are not looked at.
"""
import os
import re
import subprocess
import sys
from collections import namedtuple
from pathlib import Path

Violation = namedtuple("Violation", "path line rule text warning")

WARN_LINES = 400
FAIL_LINES = 800
CODE = (".cpp", ".c", ".h", ".S")
SCRIPTS = (".py", ".sh", ".cmake")
# Tables and lists of facts, not text that someone reads from top to bottom.
LENGTH_EXEMPT = (".inc", ".txt")
SPDX = "SPDX-License-Identifier: Apache-2.0"
SPDX_WITHIN_LINES = 3
# Users write these sources for the WDK and the SDK: they may use relative includes.
USERS_FOLDERS = ("samples/",)
BUILD_FOLDERS = re.compile(r"^(build[^/]*|\.git|\.cache|out)(/|$)")

INCLUDE = re.compile(r'^\s*#\s*(include|include_next)\s*([<"])([^>"]+)[>"]')
TEST_HEADER = re.compile(r"_test(_support)?\.h$")
TEST_FILE = re.compile(r"_test(_support)?\.(cpp|c|h)$")
SYSTEM_HEADERS = re.compile(
    r"^(sys|linux|asm|asm-generic|net|netinet|arpa|bits|elfutils)/"
    r"|^(unistd|fcntl|signal|pthread|sched|poll|dlfcn|link|elf|termios|ucontext|spawn|semaphore|execinfo|syscall"
    r"|mqueue|aio|dirent|pwd|grp|netdb|syslog|utime|ifaddrs|malloc|err|error)\.h$")
# A script of ours takes packages from the distribution's own client and nothing from anywhere else.
FETCHING = re.compile(
    r"\b(?:https?|ftp|git|ssh)://|\b(?:curl|wget)\s+-|\bpip3?\s+install\b|\bnpm\s+(?:install|ci)\b|\bgit\s+clone\b"
    r"|\bFetchContent|\bExternalProject_Add\b|\bfile\s*\(\s*DOWNLOAD\b", re.IGNORECASE)


class Layers:
    """tools/layers.txt, parsed. Raises ValueError with the line that is wrong."""

    def __init__(self, text):
        self.modules = []   # (name, folder), lowest first
        self.denied = []    # (from folder, to folder)
        self.only = []      # (from folder, to folder, files)
        self.system = []    # folders
        self.sides = set()  # file names
        for number, raw in enumerate(text.splitlines(), 1):
            words = raw.split("#", 1)[0].split()
            if not words:
                continue
            kind, rest = words[0], words[1:]
            if kind == "module" and len(rest) == 2:
                self.modules.append((rest[0], rest[1]))
            elif kind == "deny" and len(rest) == 2:
                self.denied.append((rest[0], rest[1]))
            elif kind == "only" and len(rest) >= 3:
                self.only.append((rest[0], rest[1], set(rest[2:])))
            elif kind == "system" and len(rest) == 1:
                self.system.append(rest[0])
            elif kind == "sides" and len(rest) == 1:
                self.sides.add(rest[0])
            else:
                raise ValueError(f"tools/layers.txt:{number}: not understood: {raw}")
        if not self.modules:
            raise ValueError("tools/layers.txt: lists no module")

    def rank(self, path):
        """(rank, name) of the module that holds this path; None if no module does."""
        best = None
        for rank, (name, folder) in enumerate(self.modules):
            if within(path, folder) and (best is None or len(folder) > len(self.modules[best][1])):
                best = rank
        return None if best is None else (best, self.modules[best][0])

    def may_call_system(self, path):
        return any(within(path, folder) for folder in self.system)


def within(path, folder):
    return path == folder or path.startswith(folder + "/")


def listed_files(root):
    """Every file of the tree that git does not ignore, as paths relative to root. Works without git, too."""
    if (root / ".git").exists():
        out = subprocess.run(["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                             capture_output=True, check=False)
        if out.returncode == 0:
            return sorted({p for p in out.stdout.decode().split("\0") if p and (root / p).is_file()})
    found = []
    for folder, folders, files in os.walk(root):
        relative = os.path.relpath(folder, root)
        relative = "" if relative == "." else relative + "/"
        folders[:] = [d for d in folders if not BUILD_FOLDERS.match(relative + d)]
        found += [relative + f for f in files]
    return sorted(found)


def without_comments(text):
    """The text with /* */ and // comments blanked, line breaks kept, so that an include in a comment is none."""
    def blank(match):
        return match.group(0) if match.group(0)[0] in "\"'" else re.sub(r"[^\n]", " ", match.group(0))
    return re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"', blank, text, flags=re.DOTALL)


class House:
    def __init__(self, root):
        self.root = Path(root)
        self.layers = Layers((self.root / "tools/layers.txt").read_text())
        self.files = listed_files(self.root)
        self.known = set(self.files)
        self.violations = []

    def report(self, path, line, rule, text, warning=False):
        self.violations.append(Violation(path, line, rule, text, warning))

    def check(self):
        for path in self.files:
            if BUILD_FOLDERS.match(path):
                continue
            if not self.is_source(path):
                continue
            text = (self.root / path).read_text(errors="replace")
            lines = text.splitlines()
            self.check_spdx(path, lines)
            self.check_length(path, lines)
            if self.is_script(path):
                self.check_fetching(path, lines)
            else:
                self.check_includes(path, text)
        for path in self.files:
            if path.endswith(".md") and not BUILD_FOLDERS.match(path):
                self.check_links(path)
        self.check_folder_pages()
        return sorted(self.violations, key=lambda v: (v.path, v.line, v.rule))

    # What is looked at ------------------------------------------------------------------------------------------------

    def is_script(self, path):
        return path.endswith(SCRIPTS) or Path(path).name == "CMakeLists.txt" or path == ".ci/run"

    def is_source(self, path):
        if path.endswith(CODE + (".inc",)) or self.is_script(path):
            return True
        # The C++ library's headers have no extension.
        return path.startswith("include/") and "." not in Path(path).name

    # The rules --------------------------------------------------------------------------------------------------------

    def check_spdx(self, path, lines):
        if not any(SPDX in line for line in lines[:SPDX_WITHIN_LINES]):
            self.report(path, 1, "spdx", f"no '{SPDX}' within the first {SPDX_WITHIN_LINES} lines")

    def check_length(self, path, lines):
        if path.endswith(LENGTH_EXEMPT):
            return
        count = len(lines)
        if count > FAIL_LINES:
            self.report(path, FAIL_LINES + 1, "length", f"{count} lines; {FAIL_LINES} is the most: split it")
        elif count > WARN_LINES:
            self.report(path, WARN_LINES + 1, "length", f"{count} lines: more than {WARN_LINES}", warning=True)

    def check_fetching(self, path, lines):
        for number, line in enumerate(lines, 1):
            # The list above must be able to name what it forbids, and its test to plant it.
            if path.startswith("tests/house/"):
                return
            if FETCHING.search(line):
                self.report(path, number, "fetch", f"a script that fetches from outside, or names a host: {line.strip()}")

    def check_includes(self, path, text):
        user_source = path.startswith(USERS_FOLDERS)
        production = not TEST_FILE.search(path) and not path.startswith(("tests/", "samples/", "bench/", "fuzz/"))
        for number, line in enumerate(without_comments(text).splitlines(), 1):
            match = INCLUDE.match(line)
            if not match:
                continue
            directive, bracket, name = match.groups()
            if re.search(r"(^|/)\.\.?/", name) and not user_source:
                self.report(path, number, "relative-include", f'"{name}": write it from src/ or include/')
                continue
            if directive == "include_next":
                continue
            target = self.resolve(path, name)
            if production and TEST_HEADER.search(name):
                self.report(path, number, "test-in-production", f"{name} is test code")
            if name.endswith("_internal.h") and target and os.path.dirname(target) != os.path.dirname(path):
                self.report(path, number, "internal-header", f"{name} stays in its folder")
            if within(path, "include/shared") and name in self.layers.sides:
                continue
            if path.startswith("src/"):
                self.check_src_include(path, number, bracket, name, target)
            if target:
                self.check_layer(path, number, name, target)

    def check_src_include(self, path, number, bracket, name, target):
        if bracket == '"' and target is None:
            beside = os.path.normpath(os.path.join(os.path.dirname(path), name))
            hint = f": write \"{beside[4:]}\"" if beside in self.known else ": no such header under src/ or include/"
            self.report(path, number, "include-root", f'"{name}"{hint}')
        # Tests may: they make faults, kill processes and look at descriptors.
        may = self.layers.may_call_system(path) or TEST_FILE.search(path)
        if target is None and SYSTEM_HEADERS.search(name) and not may:
            self.report(path, number, "os-header", f"<{name}>: only src/platform calls Linux")

    def check_layer(self, path, number, name, target):
        mine, theirs = self.layers.rank(path), self.layers.rank(target)
        if mine is None or theirs is None or mine[0] == theirs[0]:
            crossing = mine is not None and theirs is not None
        else:
            crossing = True
            if theirs[0] > mine[0]:
                self.report(path, number, "layer", f"{mine[1]} includes {name} of {theirs[1]}, which stands above it")
                return
        if not crossing or TEST_FILE.search(path):  # a test of a channel holds both of its ends
            return
        for source, forbidden in self.layers.denied:
            if within(path, source) and within(target, forbidden):
                self.report(path, number, "layer", f"{source} never includes {forbidden} ({name})")
                return
        for source, folder, files in self.layers.only:
            if within(path, source) and within(target, folder) and name not in files:
                self.report(path, number, "layer", f"of {folder}, {source} includes only {' '.join(sorted(files))} ({name})")
                return

    def check_links(self, path):
        text = re.sub(r"```.*?```|`[^`\n]*`", lambda m: re.sub(r"[^\n]", " ", m.group(0)),
                      (self.root / path).read_text(errors="replace"), flags=re.DOTALL)
        for match in re.finditer(r"\]\(([^)\s]+)\)", text):
            target = match.group(1).split("#", 1)[0]
            if not target or re.match(r"[a-z]+:", target):
                continue
            if not (self.root / os.path.dirname(path) / target).exists():
                line = text.count("\n", 0, match.start()) + 1
                self.report(path, line, "link", f"{match.group(1)} leads nowhere")

    def check_folder_pages(self):
        folders = set()
        for path in self.files:
            if path.startswith("src/") and path.endswith(CODE + (".inc",)):
                folder = os.path.dirname(path)
                while folder != "src":
                    folders.add(folder)
                    folder = os.path.dirname(folder)
        for folder in sorted(folders):
            if folder + "/README.md" not in self.known:
                self.report(folder, 1, "folder-page", "no README.md that says what this folder is for")

    # How a name is found ----------------------------------------------------------------------------------------------

    def resolve(self, path, name):
        """The file of this tree that an include names, or None for a header of somebody else."""
        roots = ["src", "include"]
        if path.startswith("include/"):
            roots = [os.path.dirname(path), "include", "include/shared"]
            if path.startswith("include/wdk/"):
                roots.append("include/wdk")
            elif path.startswith("include/win32/"):
                roots.append("include/win32")
            else:  # what the shared headers could reach by mistake
                roots += ["include/wdk", "include/win32"]
        elif path.startswith("src/"):
            roots += ["include/shared", "include/wdk"]
        for root in roots:
            candidate = os.path.normpath(os.path.join(root, name))
            if candidate in self.known:
                return candidate
        return None


def main(arguments):
    root = Path(arguments[1]) if len(arguments) > 1 else Path(__file__).resolve().parents[2]
    try:
        house = House(root)
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    violations = house.check()
    failures = 0
    for v in violations:
        kind = "warning: " if v.warning else ""
        failures += not v.warning
        print(f"{v.path}:{v.line}: {kind}{v.rule}: {v.text}")
    print(f"{len(house.files)} files looked at, {failures} violations, {len(violations) - failures} warnings")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
