#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# run.sh [options of cbit run]: every scenario of this folder
#
#   *.scn          must end with exit code 0 (in lock-step unless the options say --engine model or rtl); cpu_*.scn and
#                  iommu_*.scn with the scoreboard, which judges every request apart from the model
#   failing/*.scn  must end with exit code 1: expectations can fail
#   bad/*.scn      must end with exit code 2, print every error that their lines "# error LINE:COL: text" name and nothing
#                  else, and run nothing
#
# Needs build/cbit and, unless --engine model, the engines full, addr256 and snpi of build/dut.
# Last line: N passed, N failed. Logs: build/scenarios/.
set -u
dir=$(dirname "$0")
cbit=${CBIT:-build/cbit}
log=build/scenarios
mkdir -p "$log"
passed=0 failed=0

result() {  # name, 0 = good, what to show when not
  if [ "$2" = 0 ]; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "FAIL $1"
    sed 's/^/     | /' "$3" | tail -n 12
  fi
}

for f in "$dir"/*.scn; do
  n=$(basename "$f" .scn)
  more=
  case $n in cpu_* | iommu_*) more=--scoreboard ;; esac
  "$cbit" run "$f" $more --quiet --out "$log" --json "$log/$n.json" "$@" >"$log/$n.log" 2>&1
  rc=$?
  [ "$rc" = 0 ] && tail -n 1 "$log/$n.log" | sed 's/^/     /'
  result "$n (exit $rc)" "$rc" "$log/$n.log"
done

for f in "$dir"/failing/*.scn; do
  n=$(basename "$f" .scn)
  "$cbit" run "$f" --quiet --out "$log" --engine model >"$log/failing_$n.log" 2>&1
  rc=$?
  good=1
  if [ "$rc" = 1 ] && [ "$(grep -c '^ *[0-9][0-9]*  .*FAILED' "$log/failing_$n.log")" = 1 ]; then good=0; fi
  result "failing/$n (exit $rc, must be 1 with one FAILED step)" "$good" "$log/failing_$n.log"
done

for f in "$dir"/bad/*.scn; do
  n=$(basename "$f" .scn)
  "$cbit" run "$f" --engine model >"$log/bad_$n.out" 2>"$log/bad_$n.log"
  rc=$?
  good=0
  [ "$rc" = 2 ] || good=1
  [ -s "$log/bad_$n.out" ] && good=1
  sed -n "s|^# error \([0-9]*:[0-9]*: \)\(.*\)|$f:\1error: \2|p" "$f" >"$log/bad_$n.want"
  want=$(wc -l <"$log/bad_$n.want")
  have=$(grep -c ': error: ' "$log/bad_$n.log")
  [ "$want" = "$have" ] && [ "$want" -gt 0 ] || good=1
  while IFS= read -r line; do
    grep -qF "$line" "$log/bad_$n.log" || good=1
  done <"$log/bad_$n.want"
  result "bad/$n (exit $rc)" "$good" "$log/bad_$n.log"
done

echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
