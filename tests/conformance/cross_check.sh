#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Compiles every driver and application of the conformance pairs, the samples and the benchmark with mingw-w64, as a
# check that they are valid Windows source: drivers with gcc (structured exceptions replaced by plain ifs) and with
# clang (which knows them), applications with gcc, linked. Nothing of Partywall is involved.
#   tests/conformance/cross_check.sh [OUTPUT_FOLDER]      the linked files stay there
# Needs: gcc-mingw-w64-x86-64-win32 g++-mingw-w64-x86-64-win32 clang
set -u
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
keep=${1:-}
out=${keep:-$(mktemp -d)}
mkdir -p "$out"
ddk=/usr/share/mingw-w64/include/ddk
warnings="-Wall -Wextra -Wno-multichar -Wno-unused-function -Wno-sign-compare -Wno-main -Wno-missing-braces -Werror"
failed=0
count=0
skipped=0

try() {
  count=$((count + 1))
  "$@" || { failed=$((failed + 1)); echo "FAILED: $*" >&2; }
}

# What mingw-w64 (Debian 12) lacks of what Microsoft documents: these sources cannot be judged here.
lacking() { # kind name
  case "$1 $2" in
    "driver cancel_queue") echo "ExInitializeDriverRuntime, POOL_NX_ALLOCATION" ;;
    "driver dispatcher") echo "an import library with ExAllocateTimer" ;;
    "driver io_services") echo "IoCreateSystemThread, OBJECT_DIRECTORY_INFORMATION" ;;
    "driver mdl_family") echo "MmCopyMemory, MmProbeAndLockSelectedPages, MdlMappingNoWrite" ;;
    "driver notify") echo "PsLookupProcessByProcessId in ntddk.h" ;;
    "driver section_file" | "driver security") echo "MmSectionObjectType" ;;
    "driver section_reserve" | "driver section_process") echo "an import library for data (MmSectionObjectType)" ;;
    "driver sync_objects") echo "TIMER_ALL_ACCESS, ZwWaitForSingleObject" ;;
    "driver inverted_call" | "driver bench") echo "the function types of IO_CSQ" ;;
    "app section_reserve" | "app section_truncated") echo "structured exceptions in gcc" ;;
    "app security") echo "EVENT_QUERY_STATE" ;;
  esac
}
skips() { # kind name
  reason=$(lacking "$1" "$2")
  [ -n "$reason" ] || return 1
  skipped=$((skipped + 1))
  echo "skipped $1 $2: mingw-w64 lacks $reason"
}

driver() { # name source...
  if skips driver "$1"; then return 0; fi
  name=$1
  shift
  try x86_64-w64-mingw32-gcc -std=gnu11 $warnings -isystem $ddk -I "$here" -I "$root/include" -D'__try=if(1)' -D'__except(x)=else if(x)' \
    -D'__finally=if(1)' -D'try=if(1)' -D'_Dispatch_type_(x)=' -D'except(x)=else if(x)' -D'__leave=(void)0' -D'GetExceptionCode()=0' -D'AbnormalTermination()=0' \
    -fsyntax-only "$@"
  try clang --target=x86_64-w64-mingw32 -fms-extensions -D'_Dispatch_type_(x)=' -D'try=__try' -D'except=__except' -std=gnu11 $warnings -Wno-ignored-pragma-intrinsic -O1 \
    -isystem $ddk -I "$here" -I "$root/include" -c "$@" -o "$out/$name.o"
  try x86_64-w64-mingw32-gcc -shared -nostdlib -Wl,--subsystem,native -Wl,--entry,DriverEntry \
    -Wl,--image-base,0x140000000 -Wl,--dynamicbase "$out/$name.o" -o "$out/$name.sys" -lntoskrnl -lhal
  rm -f "$out/$name.o"
}

app() { # name source...
  if skips app "$1"; then return 0; fi
  name=$1
  shift
  case $1 in
    *.cpp) try x86_64-w64-mingw32-g++ -std=c++17 -static $warnings -I "$here" -I "$root/include" -I "$root/bench" "$@" -o "$out/$name.exe" ;;
    *) try x86_64-w64-mingw32-gcc -std=gnu11 $warnings -I "$here" -I "$root/include" "$@" -o "$out/$name.exe" ;;
  esac
}

for folder in "$here"/*/; do
  name=$(basename "$folder")
  if [ -f "$folder/driver.c" ]; then driver "$name" "$folder/driver.c"; fi
  others=$(ls "$folder"*.c 2>/dev/null | grep -v -e '/driver\.c$' -e '/app\.c$' || true)
  if [ -f "$folder/app.c" ]; then app "$name" "$folder/app.c" $others; fi
done
for folder in "$root"/samples/*/; do
  name=$(basename "$folder")
  for source in "$folder"driver/*.c "$folder"driver/*/*.c; do if [ -f "$source" ]; then driver "$name" "$source"; fi; done
  for source in "$folder"app/*.c "$folder"app/*.cpp; do if [ -f "$source" ]; then app "${name}_app" "$source"; fi; done
done
for folder in "$root"/samples/cookbook/*/; do
  name=cookbook_$(basename "$folder")
  driver "$name" "$folder/driver.c"
  app "${name}_app" "$folder/app.c"
done
driver bench "$root"/bench/suite/driver/*.c

if [ -z "$keep" ]; then rm -rf "$out"; fi
echo "$((count - failed)) passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
