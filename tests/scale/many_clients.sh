#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# many_clients.sh APP COUNT: so many clients of one driver host at once, each with 64 requests in flight that stay pending
# until they are cancelled. Exit code: how many failed (at most 100).
app=$1 count=$2
pids=
i=0
while [ "$i" -lt "$count" ]; do
  "$app" --hold --in-flight 64 > /dev/null &
  pids="$pids $!"
  i=$((i + 1))
done
failed=0
for pid in $pids; do
  wait "$pid" || failed=$((failed + 1))
done
echo "$count clients, $failed failed"
[ "$failed" -gt 100 ] && failed=100
exit "$failed"
