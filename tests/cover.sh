#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# cover.sh: line, branch and toggle coverage of the RTL, line coverage of the model, functional coverage (tb/chk/cover_points.c).
#
# Random runs, recorded replays (tests/random) and scenarios on engines built with coverage, by a program whose model counts too. Line and branch points over
# COVER_CONFIGS; toggles (slow to build) on the default configuration, signals up to 64 bits wide; COVER_TOGGLE=0 leaves them out.
# What cannot be reached stands in tests/cover.exclude with its reason. Report: build/reports/cover/index.html; what was
# not hit: build/reports/cover/missed.txt. Ends with one line per kind and "cover: N passed, N failed" against the goals.
set -u
out=build/coverage
report=build/reports/cover
configs=${COVER_CONFIGS:-full lanes4 lanes2r2 addr256 aes256 snp snpi}
seeds=${COVER_SEEDS:-1 2 3 4 5 6 7 8}
cycles=${COVER_CYCLES:-80000}
jobs=${JOBS:-2}
goal_line=98 goal_model=95 goal_functional=100

# ---- one run: cover.sh --one NAME CONFIG KIND ARGUMENTS... ----
if [ "${1:-}" = --one ]; then
  name=$2 config=$3 kind=$4
  shift 4
  CBIT_ROOT=$PWD CBIT_COVERAGE="$out/run/$name" timeout 600 "$out/model/cbit" "$@" --dut "$out/dut/$config.$kind.so" \
    >"$out/run/$name.log" 2>&1 </dev/null || echo "$name" >>"$out/run/failed"
  exit 0
fi

rm -rf "$out/run" "$report"
mkdir -p "$out/dut" "$out/run" "$report"

# ---- build ----
cc=${CC:-cc}
if command -v ccache >/dev/null 2>&1; then cc="ccache $cc"; fi
find "$out/model" -name '*.gcda' -delete 2>/dev/null
make --no-print-directory -s -j"$jobs" -f tb/tb.mk BUILD="$PWD/$out/model" CC="$cc" CFLAGS="-O1 -g --coverage" CBIT_SAN=--coverage \
  LDFLAGS=--coverage TB_OPT=-O1 "$PWD/$out/model/cbit" >"$out/build.log" 2>&1 || { tail "$out/build.log"; exit 1; }
dut() { # config, kind, sources, flags, optimisation
  so=$out/dut/$1.$2.so
  if [ -e "$so" ] && [ -z "$(find rtl tb/shim tests/cover sim/configs.list -newer "$so" -type f)" ]; then return 0; fi
  make --no-print-directory -s dut-custom OUT="$so" CONFIG="$1" DUT_SRC="$3 -f rtl/cbit.f" DUT_FLAGS="$4" DUT_OPT="$5" \
    DUT_DEFS="-include tests/cover/hook.h" >"$out/build-$1.$2.log" 2>&1 || { tail "$out/build-$1.$2.log"; exit 1; }
}
for c in $configs; do dut "$c" line "" "--coverage-line --coverage-user" -O1; done
toggle=
if [ "${COVER_TOGGLE:-1}" = 1 ]; then
  dut default toggle tests/cover/toggle.vlt "--coverage-line --coverage-toggle --coverage-max-width 64" -O0
  toggle=default
fi

# ---- run ----
{
  for c in $configs; do
    n=$cycles
    [ "$c" != snpi ] || n=$((5 * cycles))   # one instruction in some 200 cycles
    for s in $seeds; do
      echo "random-$c-$s $c line random --seed $s --cycles $n --quiet --cover-file $out/run/random-$c-$s.txt"
    done
  done
  if [ -n "$toggle" ]; then
    for s in 1 2 3; do
      echo "toggle-$s default toggle random --seed $s --cycles $cycles --quiet --cover-file $out/run/toggle-$s.txt"
    done
  fi
  for f in tests/scenarios/*.scn; do
    c=$(awk '$1 == "config" {print $2; exit}' "$f")
    c=${c:-full}
    case " $configs " in *" $c "*) ;; *) continue ;; esac
    echo "scn-$(basename "$f" .scn) $c line run $f"
  done
  for f in tests/random/*.txt; do
    c=$(awk '$1 == "config" {print $2; exit}' "$f")
    case " $configs " in *" $c "*) ;; *) continue ;; esac
    echo "replay-$(basename "$f" .txt) $c line random --replay $f --quiet --cover-file $out/run/replay-$(basename "$f" .txt).txt"
  done
} | xargs -L 1 -P "$jobs" sh "$0" --one
[ ! -e "$out/run/failed" ] || echo "cover: runs that failed: $(sort "$out/run/failed" | tr '\n' ' ')"

# ---- add up ----
bad=0
totals=$(perl tests/cover/merge.pl tests/cover.exclude "$out/rtl.info" "$report/missed.txt" "$out"/run/*.dat) || bad=1
# shellcheck disable=SC2086
set -- $totals
percent() { awk -v h="$1" -v t="$2" 'BEGIN {printf "%.1f", t ? 100 * h / t : 0}'; }
rtl_line=$(percent "$2" "$3") rtl_branch=$(percent "$5" "$6") rtl_toggle=$(percent "$8" "$9")
rtl_count="$2/$3" branch_count="$5/$6" toggle_count="$8/$9" excluded=${11}

make --no-print-directory -s -f cmodel/cmodel.mk model-tests BUILD="$out/model" CC="$cc" CFLAGS="-O1 -g --coverage" CBIT_SAN=--coverage \
  >"$out/model-tests.log" 2>&1 || bad=1
lcov -q -c -b . -d "$out/model/cmodel" -o "$out/model.all.info" >"$out/lcov.log" 2>&1
lcov -q -e "$out/model.all.info" '*/cmodel/*' -o "$out/model.info" >>"$out/lcov.log" 2>&1
model_count=$(awk -F'[:,]' '/^DA:/ {t++; if ($3 > 0) h++} END {print h + 0 "/" t + 0}' "$out/model.info")
model_line=$(percent "${model_count%/*}" "${model_count#*/}")
awk -F'[:,]' '/^SF:/ {f = $2; sub(/.*\/cmodel\//, "cmodel/", f)} /^DA:/ && $3 == 0 {print f ":" $2 ": model line"}' "$out/model.info" \
  >>"$report/missed.txt"
sed "s|^SF:$PWD/|SF:|" "$out/model.info" >"$out/model.rel.info"
genhtml -q --legend -t "cbit coverage" -o "$report" "$out/rtl.info" "$out/model.rel.info" >>"$out/lcov.log" 2>&1 || true

build=$out/model/cbit
"$build" cover "$out"/run/*.txt --html "$report/functional.html" --missing >"$report/functional.txt" 2>&1 || true
functional=$(awk '$1 == "all" {print $2 "/" $4}' "$report/functional.txt")
functional=${functional:-0/0}
functional_percent=$(percent "${functional%/*}" "${functional#*/}")

# ---- say ----
passed=0 failed=0
goal() { # name, percent, counts, goal (0: none)
  if [ "$4" = 0 ]; then
    printf '%-14s %6s %%  %14s\n' "$1" "$2" "$3"
  elif awk -v a="$2" -v b="$4" 'BEGIN {exit !(a >= b)}'; then
    passed=$((passed + 1))
    printf '%-14s %6s %%  %14s  (goal %s)\n' "$1" "$2" "$3" "$4"
  else
    failed=$((failed + 1))
    printf '%-14s %6s %%  %14s  (goal %s) MISSED\n' "$1" "$2" "$3" "$4"
  fi
}
{
  goal 'RTL line' "$rtl_line" "$rtl_count" $goal_line
  goal 'RTL branch' "$rtl_branch" "$branch_count" 0
  [ -z "$toggle" ] || goal 'RTL toggle' "$rtl_toggle" "$toggle_count" 0
  goal 'model line' "$model_line" "$model_count" $goal_model
  goal 'functional' "$functional_percent" "$functional" $goal_functional
  echo "excluded       $excluded points (tests/cover.exclude); not hit: $report/missed.txt, $report/functional.txt"
  if [ -e "$out/run/failed" ] || [ $bad != 0 ]; then failed=$((failed + 1)); fi
  echo "RTL line $rtl_line % (goal $goal_line), functional points $functional"
  echo "cover: $passed passed, $failed failed"
} >"$out/summary.txt"
cat "$out/summary.txt"
grep -q ' 0 failed$' "$out/summary.txt"
