#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# run.sh [NAME...]: shows that every planted bug of planted.list is caught (all, or those named).
#
# One build of the RTL per configuration and one of the program hold all bugs (plant.pl). Configuration "unit" is no engine but
# the benches of tests/unit over the same RTL: run names the bench and its arguments. For each bug its run is played in
# lock-step with the seeds of the list in order, until one ends in a mismatch that names a cycle and a signal; then the same run
# with no bug awake must pass. Runs of "storm" are judged by its theorems in place of lock-step: their report names the theorem. Assertions inside the RTL are off: the comparison at the pins alone has to catch.
# Prints a table; last line "planted: N passed, N failed". JSON: build/reports/planted.json. JOBS (default 2) at a time.
set -u
out=build/planted
list=tests/planted/planted.list
export CBIT_ROOT="$PWD"

# ---- one run, as a process of its own: run.sh --one NUMBER RUN SEEDS | --plain FILE COMMAND ----
random() { # log, number, arguments
  log=$1 number=$2
  shift 2
  # shellcheck disable=SC2086
  if [ "$config" = unit ]; then
    CBIT_PLANT=$number timeout 300 "$out/unit/"${*% --no-cover} >"$log" 2>&1 </dev/null
    return
  fi
  if [ "${1%% *}" = storm ]; then set -- "${*% --no-cover}"; fi
  # shellcheck disable=SC2086
  CBIT_PLANT=$number timeout 300 "$out/cbit" $* --dut "$out/$config.so" >"$log" 2>&1 </dev/null
}
if [ "${1:-}" = --one ]; then
  number=$2
  IFS='	' read -r _ name side config run seeds expect what <<LINE
$(grep "^$number	" "$out/bugs.txt")
LINE
  log=$out/log/$name.log
  result=missed signal=- cycle=- seed=-
  case $run in *'{seed}'*) ;; *) seeds=- ;; esac
  for s in $seeds; do
    command=$(printf '%s\n' "$run" | sed "s/{seed}/$s/g")
    random "$log" "$number" "$command --no-cover"
    rc=$?
    line=$(grep -m 1 -E '^MISMATCH cycle=[0-9]+ signal=[a-z]' "$log")
    # A theorem as a signal: `expect` says which.
    if [ -z "$line" ]; then
      line=$(grep -E '^THEOREM T[1-4] .*, cycle [0-9]+:' "$log" | grep -m 1 -E "$expect" |
        sed 's/^THEOREM \(T[1-4]\) .*, cycle \([0-9]*\):.*/cycle=\2 signal=\1/')
    fi
    if [ $rc -eq 1 ] && [ -n "$line" ]; then
      signal=${line#*signal=} signal=${signal%% *} cycle=${line#*cycle=} cycle=${cycle%% *} seed=$s result=caught
      echo "$signal" | grep -qE "$expect" || result=elsewhere
      break
    elif [ $rc -ne 0 ]; then
      result=other
      break
    fi
  done
  printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$name" "$side" "$config" "$result" "$signal" "$cycle" "$seed" >"$out/log/$name.res"
  exit 0
fi
if [ "${1:-}" = --plain ]; then
  IFS='	' read -r config command <"$2"
  random "${2%.cmd}.log" 0 "$command --no-cover" && : >"${2%.cmd}.ok"
  exit 0
fi

# ---- build ----
mkdir -p "$out/src" "$out/log" build/reports
perl tests/planted/plant.pl "$list" "$out/src" || exit 1
cp "$out/src/bugs.txt" "$out/bugs.txt"
numbers=$(cut -f1 "$out/bugs.txt")
if [ $# -gt 0 ]; then
  numbers=$(for name in "$@"; do awk -F'\t' -v n="$name" '$2 == n {print $1}' "$out/bugs.txt"; done)
  [ "$(echo "$numbers" | wc -w)" = $# ] || { echo "run.sh: no such bug among: $*" >&2; exit 2; }
fi
configs=$(for n in $numbers; do awk -F'\t' -v n="$n" '$1 == n {print $4}' "$out/bugs.txt"; done | sort -u)
cmp -s tests/planted/plant.c "$out/src/cmodel/util/plant.c" || cp tests/planted/plant.c "$out/src/cmodel/util/"
ln -sfn "$PWD/tb" "$out/src/tb"
cc=${CC:-cc}
if command -v ccache >/dev/null 2>&1; then cc="ccache $cc"; fi
make --no-print-directory -s -C "$out/src" -f tb/tb.mk BUILD="$PWD/$out/obj" CC="$cc" CFLAGS="-O2 -Wno-conversion" TB_OPT=-O2 \
  CPPFLAGS="-I$PWD/tests/planted -include plant.h" "$PWD/$out/obj/cbit" >"$out/log/build-program.log" 2>&1 || {
  tail -n 20 "$out/log/build-program.log"; exit 1; }
cp "$out/obj/cbit" "$out/cbit"
for config in $configs; do
  if [ "$config" = unit ]; then
    make --no-print-directory -s -f tests/unit/unit.mk unit UNIT_OUT="$out/unit" UNIT_RTL="$out/src/rtl" \
      UNIT_FIRST=tests/planted/cbit_plant_pkg.sv UNIT_DEFS="-include tests/planted/plant.h" >"$out/log/build-unit.log" 2>&1 || {
      tail -n 20 "$out/log/build-unit.log"; exit 1; }
    continue
  fi
  # an engine is built again when a source is newer
  if [ -e "$out/$config.so" ] && [ -z "$(find "$out/src/rtl" tests/planted tb/shim sim/configs.list -newer "$out/$config.so" -type f)" ]; then
    continue
  fi
  make --no-print-directory -s dut-custom OUT="$out/$config.so" CONFIG="$config" DUT_SRC="-f $out/src/cbit.f" \
    DUT_FLAGS="--noassert" DUT_DEFS="-include tests/planted/plant.h" >"$out/log/build-$config.log" 2>&1 || {
    tail -n 20 "$out/log/build-$config.log"; exit 1; }
done

# ---- play ----
jobs=${JOBS:-2}
rm -f "$out"/log/*.res "$out"/log/plain-*
echo "$numbers" | xargs -n 1 -P "$jobs" sh "$0" --one
# the same runs without a bug
for n in $numbers; do
  IFS='	' read -r _ name _ config run _ _ _ <<LINE
$(grep "^$n	" "$out/bugs.txt")
LINE
  seed=$(cut -f7 "$out/log/$name.res")
  key=$(printf '%s %s %s' "$config" "$run" "$seed" | cksum | tr -d ' ')
  printf '%s\t%s\n' "$config" "$(printf '%s\n' "$run" | sed "s/{seed}/$seed/g")" >"$out/log/plain-$key.tmp"
  echo "$key" >"$out/log/$name.key"
  [ "$seed" = - ] && case $run in *'{seed}'*) rm "$out/log/plain-$key.tmp"; continue ;; esac
  mv "$out/log/plain-$key.tmp" "$out/log/plain-$key.cmd"
done
for f in "$out"/log/plain-*.cmd; do [ ! -e "$f" ] || echo "$f"; done | xargs -r -n 1 -P "$jobs" sh "$0" --plain

# ---- report ----
passed=0 failed=0
json=build/reports/planted.json
printf '%-26s %-6s %-22s %8s %5s  %s\n' bug side 'caught by' cycle seed what
{
  echo '{"planted": ['
  sep=''
  for n in $numbers; do
    IFS='	' read -r _ name side config run _ expect what <<LINE
$(grep "^$n	" "$out/bugs.txt")
LINE
    IFS='	' read -r _ _ _ result signal cycle seed <"$out/log/$name.res"
    note=$what
    if [ "$result" = caught ] && [ ! -e "$out/log/plain-$(cat "$out/log/$name.key").ok" ]; then result=base; fi
    case $result in
      caught) passed=$((passed + 1)) ;;
      *) failed=$((failed + 1)) ;;
    esac
    case $result in
      missed) note="NOT CAUGHT: $what" ;;
      base) note="FAILS WITHOUT THE BUG: $what" ;;
      elsewhere) note="NOT BY $expect: $what" ;;
      other) note="NO MISMATCH REPORT ($(grep -m 1 -E '^(FAIL|cbit|error)' "$out/log/$name.log" | cut -c1-80)): $what" ;;
    esac
    printf '%-26s %-6s %-22s %8s %5s  %s\n' "$name" "$side" "$signal" "$cycle" "$seed" "$note" >&3
    printf '%s  {"name": "%s", "side": "%s", "what": "%s", "config": "%s", "result": "%s", "signal": "%s", "cycle": "%s", "seed": "%s"}' \
      "$sep" "$name" "$side" "$what" "$config" "$result" "$signal" "$cycle" "$seed"
    sep=',
'
  done
  printf '\n], "passed": %d, "failed": %d}\n' "$passed" "$failed"
} 3>&1 >"$json"
echo "planted: $passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
