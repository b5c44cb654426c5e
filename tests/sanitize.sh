#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# sanitize.sh: the program and the model with the address and undefined-behaviour sanitizers (build/asan/cbit), on the normal
# engines: random runs, every scenario, a broken scenario, a replay. A sanitizer report ends a run with an error.
# Last line "sanitize: N passed, N failed". Needs build/dut/<config>.so of the configurations of `make test`.
set -u
out=build/asan/run
mkdir -p "$out"
cycles=${CYCLES:-40000}
jobs=${JOBS:-2}
export CBIT_ROOT="$PWD"
export ASAN_OPTIONS=detect_leaks=1:abort_on_error=0:exitcode=99 UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1:exitcode=99

if [ "${1:-}" = --one ]; then # NAME WANTED-EXIT-CODE ARGUMENTS...
  name=$2 want=$3
  shift 3
  timeout 900 build/asan/cbit "$@" >"$out/$name.log" 2>&1 </dev/null
  rc=$?
  if [ $rc = "$want" ] && ! grep -qE 'runtime error|AddressSanitizer|LeakSanitizer' "$out/$name.log"; then echo ok; else echo "exit $rc"; fi >"$out/$name.res"
  exit 0
fi
rm -f "$out"/*.res
: >"$out/jobs"
for c in $(awk '!/^ *(#|$)/ && $2 == "test" {print $1}' sim/configs.list); do
  [ -e "build/dut/$c.so" ] || { echo "sanitize: no build/dut/$c.so (make dut-test)" >&2; exit 1; }
  echo "random-$c 0 random --config $c --seed 7 --cycles $cycles --quiet --cover-file $out/random-$c.txt" >>"$out/jobs"
done
for f in tests/scenarios/*.scn; do
  case $f in */story.scn) continue ;; esac   # its file is large: `make run` plays it
  echo "scn-$(basename "$f" .scn) 0 run $f --out $out" >>"$out/jobs"
done
for f in tests/scenarios/bad/*.scn; do
  [ ! -e "$f" ] || echo "bad-$(basename "$f" .scn) 2 run $f" >>"$out/jobs"
done
echo "attack 0 attack" >>"$out/jobs"
echo "cpu 0 cpu --seed 3 --actions 1000" >>"$out/jobs"
echo "storm 0 storm --seed 3 --actions 1000" >>"$out/jobs"
echo "record 0 random --config default --seed 9 --cycles 4000 --quiet --record $out/replay.txt --no-cover" >>"$out/jobs"
xargs -L 1 -P "$jobs" sh "$0" --one <"$out/jobs"
echo "replay 0 random --replay $out/replay.txt --quiet --no-cover" >"$out/jobs.2"
xargs -L 1 sh "$0" --one <"$out/jobs.2"
passed=0 failed=0
while read -r name _; do
  if [ "$(cat "$out/$name.res" 2>/dev/null)" = ok ]; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "FAIL $name: $(cat "$out/$name.res" 2>/dev/null), log: $out/$name.log"
    grep -m 3 -E 'runtime error|AddressSanitizer|MISMATCH|FAIL|error' "$out/$name.log"
  fi
done <<LIST
$(cat "$out/jobs" "$out/jobs.2")
LIST
echo "sanitize: $passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
