#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# tools/packages.sh SET...: installs the Debian packages of the sets that are missing (build, test, full), as root; as
# somebody else it says what is missing and fails. Idempotent: with everything there it does and says nothing.
set -eu

packages_of() {
  case $1 in
    # The C library's headers come with g++; binutils, too.
    build) echo "g++ cmake ninja-build ccache mold libcli11-dev libfmt-dev nlohmann-json3-dev libjemalloc-dev libdw-dev python3" ;;
    test) echo "libgtest-dev valgrind" ;;
    full) echo "chromium clang lld libclang-rt-14-dev gcc-mingw-w64-x86-64-win32 g++-mingw-w64-x86-64-win32" ;;
    *) echo "packages.sh: no set named '$1'" >&2; return 1 ;;
  esac
}

wanted=""
for set in "$@"; do
  wanted="$wanted $(packages_of "$set")"
done

if ! command -v dpkg-query >/dev/null 2>&1; then
  echo "No Debian packages here. Partywall needs what Debian 12 calls:$wanted" >&2
  exit 0 # the build says what is missing
fi

missing=""
for package in $wanted; do
  state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$state" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" -ne 0 ]; then
  echo "Missing packages. As root: apt-get install$missing" >&2
  exit 1
fi
echo "== Installing packages:$missing"
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# shellcheck disable=SC2086 # a list of words
if ! { apt-get update -q && apt-get install -q -y --no-install-recommends $missing; } </dev/null >"$log" 2>&1; then
  tail -n 40 "$log" >&2
  echo "The packages could not be installed:$missing" >&2
  exit 1
fi
