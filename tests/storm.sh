#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# storm.sh [many]: processors, devices and a hostile host at once (docs/storm.md), in lock-step with the scoreboard
#
#   seeds 1 and 2 must hold every theorem and put each to the test (many: seeds 3 to 42, with other numbers of cores and devices);
#   for each theorem a rule that is broken on purpose, the same for RTL and model, must be told by that theorem, and the
#   run must fail for no other reason.
#
# Needs build/cbit and build/dut/snpi.so. Logs: build/storm/. Last line: N passed, N failed.
set -u
cbit=${CBIT:-build/cbit}
log=build/storm
mkdir -p "$log"
passed=0 failed=0

result() { # name, 0 = good, log
  if [ "$2" = 0 ]; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "FAIL $1"
    tail -n 9 "$3" | cut -c1-200 | sed 's/^/     | /'
  fi
}

holds() { # name, arguments
  name=$1
  shift
  "$cbit" storm "$@" >"$log/$name.log" 2>&1 </dev/null
  rc=$?
  tail -n 1 "$log/$name.log"
  result "$name" "$rc" "$log/$name.log"
}

# The theorem tells it, and nothing but theorems is wrong.
breaks() { # rule, theorem
  "$cbit" storm --seed 2 --actions 3000 --break "$1" >"$log/break_$1.log" 2>&1 </dev/null
  rc=$?
  good=1
  if [ "$rc" = 1 ] && grep -q "^THEOREM $2 .*broken" "$log/break_$1.log" &&
    ! grep -qE '^(MISMATCH|SCOREBOARD|PROTOCOL|ASSERT|TIMEOUT|verdict)' "$log/break_$1.log"; then good=0; fi
  echo "broken on purpose: $1: $(grep -c '^THEOREM' "$log/break_$1.log") lines; $(grep "^$2 .* broken" "$log/break_$1.log" | cut -d';' -f1)"
  result "break $1, $2 (exit $rc)" "$good" "$log/break_$1.log"
}

if [ "${1:-}" = many ]; then
  seed=3
  while [ "$seed" -le 42 ]; do
    holds "many_$seed" --seed "$seed" --cores $((seed % 4 + 2)) --devices $((seed % 3 + 1)) --actions 8000
    seed=$((seed + 1))
  done
else
  holds seed_1 --seed 1
  holds seed_2 --seed 2
  breaks owner T1
  breaks vmpl T2
  breaks gpa T3
  breaks once T4
fi
echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
