#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Builds the pair with `partywall cc` and runs it, hosted and embedded:
#   bench/roundtrip/run.sh BUILD_FOLDER [--quick] [--json]
# The host is started on processor PW_CPU_B (1), the application goes to PW_CPU_A (0) by itself.
set -eu
if [ $# -lt 1 ]; then
  echo "usage: $0 BUILD_FOLDER [--quick] [--json] [--only TEXT]" >&2
  exit 2
fi
build=$1
shift
here=$(cd "$(dirname "$0")" && pwd)
partywall=$build/bin/partywall
out=$build/bench/roundtrip
cpu_a=${PW_CPU_A:-0}
cpu_b=${PW_CPU_B:-1}
mkdir -p "$out"
"$partywall" cc --driver -O2 "$here/bench_driver.c" -o "$out/bench.sys"
"$partywall" cc --app -O2 -std=c++20 -I "$here/.." "$here/bench_app.cpp" -o "$out/bench_app"
echo "== hosted"
taskset -c "$cpu_b" "$partywall" run --driver "$out/bench.sys" -- "$out/bench_app" --cpu-a "$cpu_a" --cpu-b "$cpu_b" "$@"
echo "== embedded"
taskset -c "$cpu_b" "$partywall" run --embedded --driver "$out/bench.sys" -- \
  "$out/bench_app" --cpu-a "$cpu_a" --cpu-b "$cpu_b" "$@"
