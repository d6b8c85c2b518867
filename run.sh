#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs what is missing, builds Partywall (build/release), and goes through the samples: each mechanism embedded and
# hosted, with what was shared, what was copied and why. Exit code 0 if every sample did what it promises.
#   ./run.sh [arguments of tools/tour.py]
set -eu
cd "$(dirname "$0")"
tools/packages.sh build test
echo "== Building Partywall (build/release)"
if ! configured=$(cmake --preset release 2>&1); then
  echo "$configured"
  exit 1
fi
cmake --build build/release -j "$(nproc)" --target \
  partywall partywall-host partywall-rt partywall-kernel partywall-win32 -- --quiet
echo "== The tour of the samples"
exec python3 tools/tour.py --root build/release "$@"
