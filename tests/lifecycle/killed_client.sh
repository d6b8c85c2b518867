#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A client that is killed while it writes to a mapping of a driver's buffer leaves nothing: the next client finds the driver
# as if the first had never been, the driver unloads, and the host ends in order.
#   killed_client.sh WRAPPER WORK_FOLDER SOURCE_FOLDER COMPILER
set -eu
wrapper=$1 work=$2 source=$3 compiler=$4
mkdir -p "$work"
cd "$work"
sample=$source/samples/mapped_buffer
"$wrapper" cc --cc "$compiler" --driver "$sample"/driver/*.c -o mapped_buffer.sys
"$wrapper" cc --cc "$compiler" --app "$sample"/app/*.c -o mapped_buffer_app
"$wrapper" cc --cc "$compiler" --app -I "$source/samples" "$source/tests/lifecycle/victim.c" -o victim
cat > clients.sh <<'CLIENTS'
#!/usr/bin/env bash
set -eu
for round in 1 2 3; do
  rm -f victim.out
  mkfifo victim.out
  ./victim > victim.out &
  victim=$!
  exec 3< victim.out
  IFS= read -r line <&3
  # One view: those of the victims before it are gone.
  [ "$line" = "views: 1" ] || { echo "round $round: '$line'" >&2; exit 1; }
  kill -KILL "$victim"
  exec 3<&-
  if wait "$victim" 2>/dev/null; then echo "the victim was not killed" >&2; exit 1; fi
  ./mapped_buffer_app > survivor.out || { cat survivor.out; echo "the client after round $round failed" >&2; exit 1; }
done
CLIENTS
chmod +x clients.sh
"$wrapper" run --driver mapped_buffer.sys -- ./clients.sh 2> host.err || { code=$?; cat host.err; exit $code; }
cat host.err
# What the driver unmaps in IRP_MJ_CLEANUP is no leftover; anything that the host had to reclaim would be said.
if grep -q "never unmapped\|locked page\|stays terminating" host.err; then
  echo "the host found leftovers of the killed client" >&2
  exit 1
fi
echo "three killed clients, three good ones, nothing left"
