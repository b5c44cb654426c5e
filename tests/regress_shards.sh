#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Prints the extra tests of `make regress`: every configuration times seeds. SEEDS (default 8) runs of CYCLES (default 200000).
set -eu
for c in $(awk '!/^ *(#|$)/{print $1}' sim/configs.list); do
  echo "regress-build-$c|make --no-print-directory build/dut/$c.so"
  for s in $(seq 1 "${SEEDS:-8}"); do
    echo "regress-$c-$s|make --no-print-directory build/cbit build/dut/$c.so >/dev/null && build/cbit random --config $c --seed $((1000 + s)) --cycles ${CYCLES:-200000}"
  done
done
