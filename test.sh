#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs what is missing, builds, and runs the tests.
#   ./test.sh          gcc, one optimised build: what every change must pass; some minutes on two cores
#   ./test.sh --full   also clang, AddressSanitizer with UndefinedBehaviorSanitizer, ThreadSanitizer, and the long tests;
#                      goes through all of it and ends with a list of what failed
# Builds go to build/<preset>, see CMakePresets.json. Safe to run again: it takes up where it was.
set -eu
cd "$(dirname "$0")"

full=no
case ${1-} in
  "") ;;
  --full) full=yes ;;
  -h | --help)
    sed -n '3,7s/^# \{0,1\}//p' "$0"
    exit 0
    ;;
  *)
    echo "usage: ./test.sh [--full]" >&2
    exit 2
    ;;
esac

jobs=$(nproc)
failed=""

# The name of a phase, then the command; a phase that fails is remembered.
phase() {
  name=$1
  shift
  echo "== $name"
  if "$@"; then
    return 0
  fi
  failed="$failed
  $name"
  return 1
}

build() {
  if ! configured=$(cmake --preset "$1" 2>&1); then
    echo "$configured"
    return 1
  fi
  preset=$1
  shift
  cmake --build "build/$preset" -j "$jobs" "$@" -- --quiet
}

run_tests() {
  preset=$1
  shift
  ctest --test-dir "build/$preset" --output-on-failure -j "$jobs" "$@"
}

# Long tests carry the label "long".
build_and_test() {
  preset=$1
  shift
  phase "$preset: build (build/$preset)" build "$preset" || return 0
  phase "$preset: tests" run_tests "$preset" "$@" || return 0
}

if [ $full = no ]; then
  tools/packages.sh build test
  build_and_test test --label-exclude '^long$'
else
  tools/packages.sh build test full
  phase "samples and pairs are valid Windows source (mingw-w64)" tests/conformance/cross_check.sh || true
  build_and_test test
  build_and_test clang-test
  build_and_test asan --label-exclude '^(bench|house)$'
  build_and_test tsan --label-exclude '^(bench|house)$'
  phase "fuzz: build (build/fuzz)" build fuzz --target fuzz_targets && phase "fuzz: tests" run_tests fuzz -L '^fuzz$' || true
fi

if [ -n "$failed" ]; then
  echo "== Failed:$failed"
  exit 1
fi
