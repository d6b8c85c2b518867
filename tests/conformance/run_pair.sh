#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs one conformance pair:
# run_pair.sh WRAPPER MODE DRIVER APP [--service] [--bugcheck] [--verifier] [--exit CODE] [--expect TEXT]... -- ARGS...
# --expect: the run's standard error must hold the text.
# Exit code 0: passed; else the number of failed checks, or what went wrong.
set -u
wrapper=$1 mode=$2 driver=$3 app=$4
shift 4
service=no bugcheck=no verifier=no exit_code="" expected=()
while [ $# -gt 0 ] && [ "$1" != "--" ]; do
  case $1 in
    --service) service=yes ;;
    --bugcheck) bugcheck=yes ;;
    --verifier) verifier=yes ;;
    --exit) exit_code=$2 && shift ;;
    --expect) expected+=("$2") && shift ;;
  esac
  shift
done
shift
options=()
[ "$mode" = embedded ] && options+=(--embedded)
[ "$verifier" = yes ] && options+=(--verifier)
errors=$(mktemp)
trap 'rm -f "$errors"' EXIT
exec 3>&2 2>"$errors"
if [ "$service" = yes ]; then
  "$wrapper" run "${options[@]}" -- "$app" "$driver" "$@"
  code=$?
else
  "$wrapper" run "${options[@]}" --driver "$driver" -- "$app" "$@"
  code=$?
fi
exec 2>&3 3>&-
cat "$errors" >&2
for text in "${expected[@]}"; do
  if ! grep -qF -- "$text" "$errors"; then
    echo "not said: $text" >&2
    exit 1
  fi
done
if [ -n "$exit_code" ]; then
  [ "$code" -eq "$exit_code" ] && exit 0
  echo "expected the exit code $exit_code, got $code" >&2
  exit 1
fi
# The documented exit code of a driver's bug check (docs/exit-codes.md). Hosted, the application lives on and its own exit
# code must be 0: `partywall run` then reports the host's end.
if [ "$bugcheck" = yes ]; then
  if [ "$code" -eq 122 ]; then exit 0; fi
  echo "expected the bug-check exit code 122, got $code" >&2
  exit 1
fi
exit "$code"
