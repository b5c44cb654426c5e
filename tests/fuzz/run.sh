#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# run.sh [TARGET...]: every parser of the program under libFuzzer with the address and undefined-behaviour sanitizers, SECONDS
# (default 60) each, JOBS (default 2) at a time. Inputs to start from come from the tests; inputs that once failed lie in
# tests/fuzz/regressions/<target> and are played first. Last line "fuzz: N passed, N failed"; a finding is kept in build/fuzz.
set -u
out=build/fuzz
seconds=${SECONDS_EACH:-${SECONDS:-60}}
targets="scenario vectors rmpvec replay play args config hex"
san="-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer"

if [ "${1:-}" = --one ]; then
  t=$2
  dir=$out/$t
  dict=
  [ ! -e "$out/$t.dict" ] || dict="-dict=$out/$t.dict"
  old=
  [ ! -d "tests/fuzz/regressions/$t" ] || old=tests/fuzz/regressions/$t
  # shellcheck disable=SC2086
  { [ -z "$old" ] || "$out/fuzz_$t" -timeout=20 "$old"/*; } >"$out/$t.log" 2>&1 &&
    "$out/fuzz_$t" -seed=${FUZZ_SEED:-1} -max_total_time="$seconds" -max_len=8192 -timeout=20 -rss_limit_mb=1024 -print_final_stats=1 -close_fd_mask=3 \
      -artifact_prefix="$dir-finding-" $dict "$dir" >>"$out/$t.log" 2>&1
  echo $? >"$out/$t.rc"
  exit 0
fi

[ $# -eq 0 ] || targets=$*
mkdir -p "$out"
rm -rf "$out"/root-* "$out"/*.rc
cc=${FUZZ_CC:-clang}
command -v "$cc" >/dev/null || { echo "fuzz: no $cc; run 'sh sim/setup.sh test'" >&2; exit 1; }
ccc=$cc
if command -v ccache >/dev/null 2>&1; then ccc="ccache $cc"; fi

# ---- build ----
make --no-print-directory -s -f tb/tb.mk BUILD="$out/obj" CC="$ccc" TB_OPT="-O1 -g -Wno-error" CFLAGS="-O1 -g -Wno-error" TB_SAN="$san" \
  CBIT_SAN="$san" "$out/obj/cbit" >"$out/build.log" 2>&1 || { tail -n 20 "$out/build.log"; echo "fuzz: 0 passed, 1 failed"; exit 1; }
objects=$(find tb -name '*.c' ! -path tb/cli/main.c | sed "s|^tb/\(.*\)\.c|$out/obj/tb/\1.o|")
for t in $targets; do
  # shellcheck disable=SC2086
  $cc -std=c11 -D_GNU_SOURCE -Wall -Wextra -O1 -g $san -fsanitize=fuzzer -Itb -Icmodel/include -Icmodel -Itests/fuzz \
    "tests/fuzz/fuzz_$t.c" $objects "$out/obj/tb/cmd_table.o" "$out/obj/libcbit.a" -lcrypto -ldl -lz -lm -o "$out/fuzz_$t" \
    >>"$out/build.log" 2>&1 || { tail -n 20 "$out/build.log"; echo "fuzz: 0 passed, 1 failed"; exit 1; }
done

# ---- inputs to start from ----
for t in $targets; do mkdir -p "$out/$t"; done
n=0
for f in $(find tests/scenarios tests/planted -name '*.scn' 2>/dev/null); do
  n=$((n + 1))
  [ ! -d "$out/scenario" ] || cp "$f" "$out/scenario/seed-$n"
done
for f in $(find tests/vectors -name '*.txt' -o -name '*.rsp'); do
  n=$((n + 1))
  [ ! -d "$out/vectors" ] || head -n 30 "$f" | head -c 6000 >"$out/vectors/seed-$n"
done
# RMP sets: their default lines and the first records of each part
for f in tests/vectors/rmp/*.txt; do
  [ ! -d "$out/rmpvec" ] || awk -v to="$out/rmpvec/seed-$(basename "$f" .txt)-" '
    /^default/ {preset = preset $0 "\n"; next}
    /^#/ {if (file) close(file); n++; file = to "" n; left = 12; printf "%s", preset > file; next}
    file && left-- > 0 {print > file}' "$f"
done
for t in $targets; do
  for f in tests/fuzz/corpus/"$t"*; do [ ! -e "$f" ] || cp "$f" "$out/$t/"; done
done
[ ! -d "$out/config" ] || { echo default; cat sim/configs.list; } >"$out/config/seed"
# words of the languages
words() { grep -ho '"[a-z][a-z_ ]*"' "$@" | sort -u; }
words tb/core/scenario*.c >"$out/scenario.dict"
words tb/gen/act*.c | tee "$out/play.dict" >"$out/replay.dict"
words tb/core/vecfile.c >"$out/vectors.dict"
grep -ho '"[A-Za-z_0-9]*"' tb/core/rmpvec_spec.c | grep -v '""' | sort -u >"$out/rmpvec.dict"

# ---- run ----
for t in $targets; do echo "$t"; done | xargs -n 1 -P "${JOBS:-2}" sh "$0" --one
passed=0 failed=0
for t in $targets; do
  runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$out/$t.log" | tail -n 1)
  cov=$(sed -n 's/.* cov: \([0-9]*\).*/\1/p' "$out/$t.log" | tail -n 1)
  if [ "$(cat "$out/$t.rc" 2>/dev/null)" = 0 ]; then
    passed=$((passed + 1))
    printf 'ok   %-10s %9s inputs, %6s edges\n' "$t" "${runs:-?}" "${cov:-?}"
  else
    failed=$((failed + 1))
    printf 'FAIL %-10s %9s inputs, log: %s\n' "$t" "${runs:-?}" "$out/$t.log"
    grep -E 'ERROR|runtime error|SUMMARY|Test unit written' "$out/$t.log" | head -n 5
  fi
done
echo "fuzz: $passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
