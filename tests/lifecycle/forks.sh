#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# forks.sh PARTYWALL FOLDER SOURCE_ROOT: an application that forks, spawns and runs commands, embedded and hosted.
set -eu
partywall=$1
folder=$2
root=$3
rm -rf "$folder"
mkdir -p "$folder"
"$partywall" cc --app -Wall -pthread "$root/tests/lifecycle/forks.c" -o "$folder/forks"
for mode in "" --embedded; do
  if ! "$partywall" run $mode -- "$folder/forks" >"$folder/out" 2>"$folder/errors"; then
    echo "run $mode:"
    cat "$folder/out" "$folder/errors"
    exit 1
  fi
  # A forked child's first call says what it is, once a child.
  if [ "$(grep -c 'a child of fork() is no Partywall program' "$folder/errors")" != 1 ]; then
    echo "run $mode: not said that a forked child is no client:"
    cat "$folder/errors"
    exit 1
  fi
done
