#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# fusesoc.sh: every target of fusesoc.core through FuseSoC, as a user would call it. Last line "fusesoc: N passed, N failed".
set -u
out=build/fusesoc
mkdir -p "$out"
venv=${CBIT_VENV:-build/venv}
CBIT_VENV=$(cd "$venv" 2>/dev/null && pwd) || { echo "fusesoc: no Python tools in $venv; run 'sh sim/setup.sh test'" >&2; exit 1; }
export CBIT_VENV
PATH="$CBIT_VENV/bin:$PATH"
passed=0 failed=0
try() { # name, pattern that must be in the log, command...
  name=$1 pattern=$2
  shift 2
  if "$@" >"$out/$name.log" 2>&1 && grep -qE "$pattern" "$out/$name.log"; then
    passed=$((passed + 1))
    echo "ok   $name"
  else
    failed=$((failed + 1))
    echo "FAIL $name, log: $out/$name.log"
    tail -n 8 "$out/$name.log"
  fi
}
rm -rf "$out/work"
fuse() { fusesoc --cores-root . run --clean --build-root "$out/work" "$@"; }
try lists '^ok' sh -c 'sh sim/tools/gen_core.sh --check && echo ok'
try core 'cbit:cbit:cbit:0.1.0' fusesoc --cores-root . core show cbit:cbit:cbit
try lint 'INFO: Building' fuse --target lint cbit:cbit:cbit
try sim 'random: passed' fuse --target sim cbit:cbit:cbit
try formal 'formal: [1-9][0-9]* passed, 0 failed' fuse --target formal cbit:cbit:cbit
case " ${*:-} " in *" quick "*) ;; *) try synth '^default  *[1-9]' fuse --target synth cbit:cbit:cbit ;; esac
echo "fusesoc: $passed passed, $failed failed"
[ "$failed" = 0 ]
