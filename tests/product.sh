#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# product.sh: the full product of lanes 1, 2, 4 x rounds a stage 1, 2 x S-box kinds x key slots 16, 1024 x AES-128, 256.
#
#   product.sh list         the configurations there are, cheapest first
#   product.sh one NAME     builds one (-O0: short runs do not pay for more), runs random lock-step traffic, deletes it if all is well
#   product.sh refused      the block-RAM S-box with two rounds a stage: elaboration has to refuse every one of them
#
# All six tweak modes; the tweak pipe has the S-box kind of the data pipes; other parameters at their defaults. SEEDS (default 2)
# runs of CYCLES (default 20000, and the wipe walk of 1024 slots on top). Last line: product: N passed, N failed.
set -u
cycles=${CYCLES:-20000}
seeds=${SEEDS:-2}

names() { # S-box kinds
  for slots in s16 s1024; do
    for bits in a128 a256; do
      for lanes in l1 l2 l4; do
        for rounds in r1 r2; do
          for sbox in "$@"; do echo "$lanes-$rounds-$sbox-$bits-$slots"; done
        done
      done
    done
  done
}
parameters() { # name
  echo "$1" | awk -F- '{
    sbox["table"] = 0; sbox["ram"] = 1; sbox["tower"] = 2
    if (NF != 5 || !($3 in sbox)) exit 1
    print "Lanes=" substr($1, 2) " RoundsPerStage=" substr($2, 2) " Sbox=" sbox[$3] " TweakSbox=" sbox[$3] \
      " KeyBits=" substr($4, 2) " KeySlots=" substr($5, 2) " ModesMask=63" }'
}

case ${1:-} in
  list) names table ram tower | grep -v -e -r2-ram- ;;
  refused)
    passed=0 failed=0
    for name in $(names ram | grep -e -r2-); do
      flags=$(parameters "$name" | sed 's/[^ ]*=/-G&/g')
      # shellcheck disable=SC2086
      if verilator --lint-only -Wno-lint -Wno-style --top-module cbit_top_flat $flags -f rtl/cbit.f 2>&1 |
        grep -q 'parameter rule SboxRamReg is broken'; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "FAIL $name is not refused"; fi
    done
    echo "product: $passed passed, $failed failed"
    [ $failed = 0 ] && [ $passed -gt 0 ]
    ;;
  one)
    name=${2:?product.sh one NAME}
    out=build/product/$name
    config=$(parameters "$name") || { echo "product.sh: no such configuration: $name" >&2; exit 2; }
    case $name in *-s1024) cycles=$((cycles + 1024 * 15)) ;; esac
    rm -rf "$out"
    mkdir -p "$out"
    trap 'rm -rf "$out"' EXIT
    trap 'exit 1' INT TERM HUP
    echo "$name regress $config" >"$out/configs.list"
    t0=$(date +%s)
    make --no-print-directory -s dut-custom DUT_CONFIGS="$out/configs.list" CONFIG="$name" OUT="$out/dut.so" DUT_SRC="-f rtl/cbit.f" \
      DUT_OPT=-O0 >"$out/build.log" 2>&1 || { tail -n 20 "$out/build.log"; exit 1; }
    t1=$(date +%s)
    passed=0 failed=0
    for s in $(seq 1 "$seeds"); do
      if build/cbit random --dut "$out/dut.so" --seed $((2000 + s)) --cycles "$cycles" --quiet --no-cover; then
        passed=$((passed + 1))
      else
        failed=$((failed + 1))
      fi
    done
    echo "$name: $config; build $((t1 - t0)) s, runs $(($(date +%s) - t1)) s"
    echo "product: $passed passed, $failed failed"
    [ $failed = 0 ] && [ $passed -gt 0 ] && exit 0
    trap - EXIT  # the engine stays, so that the failing command can be repeated
    exit 1
    ;;
  *) sed -n '5,9s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac
