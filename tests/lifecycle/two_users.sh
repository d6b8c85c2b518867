#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Two real users at one host: each has his own rights; and a host that serves its own user only refuses the other in one line.
#   two_users.sh WRAPPER HOST_PROGRAM WORK_FOLDER SOURCE_FOLDER COMPILER
# Needs root, who starts a program as another user; exit code 77 (skipped) for anybody else.
set -eu
[ "$(id -u)" = 0 ] || exit 77
command -v setpriv > /dev/null || exit 77
wrapper=$1 host_program=$2 work=$3 source=$4 compiler=$5
user=65534
rm -rf "$work"
mkdir -p "$work"
cd "$work"
tests=$source/tests
"$wrapper" cc --cc "$compiler" --driver -I "$tests/conformance" "$tests/conformance/security/driver.c" -o security.sys
"$wrapper" cc --cc "$compiler" --app -I "$tests/conformance" "$tests/lifecycle/standard_user.c" -o standard_user
"$wrapper" cc --cc "$compiler" --app "$tests/lifecycle/owner.c" -o owner
# Where every user may look, whatever the build folder's mode is.
room=$(mktemp -d /tmp/pw-two-users.XXXXXX)
chmod 711 "$room"
host=
finish() {
  if [ -n "$host" ]; then kill -TERM "$host" 2> /dev/null || true; wait "$host" 2> /dev/null || true; fi
  rm -rf "$room"
}
trap finish EXIT
cp standard_user owner "$room"

start_host() {  # start_host OPTIONS...
  rm -f "$room/ready" "$room/socket"
  mkfifo "$room/ready"
  "$host_program" --socket "$room/socket" --ready-fd 9 --driver "$work/security.sys" "$@" 9> "$room/ready" 2> "$room/host.err" &
  host=$!
  IFS= read -r line < "$room/ready"
  case $line in *'"ready":true'*) ;; *) echo "the host is not ready: $line" >&2; exit 1 ;; esac
}
stop_host() {
  kill -TERM "$host"
  wait "$host"
  host=
}
as_user() { setpriv --reuid=$user --regid=$user --clear-groups env PARTYWALL_SOCKET="$room/socket" "$@"; }

start_host --all-users
mkfifo "$room/numbers" "$room/hold"
PARTYWALL_SOCKET=$room/socket "$room/owner" < "$room/hold" > "$room/numbers" &
owner=$!
exec 7> "$room/hold"
IFS= read -r number < "$room/numbers"
as_user "$room/standard_user" "$number"
exec 7>&-
wait "$owner"
stop_host

# Its socket opened by hand, a host for its own user still says no, and says it in one line.
start_host
chmod 666 "$room/socket"
if as_user "$room/standard_user" 0 > refused.out 2>&1; then echo "the other user was served" >&2; exit 1; fi
cat refused.out
grep -q "does not serve user $user" refused.out
stop_host
echo "two users, each with his own rights"
