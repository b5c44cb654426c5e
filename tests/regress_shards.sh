#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Prints the extra tests of `make regress`: every configuration times seeds. SEEDS (default 8) runs of CYCLES (default 200000).
# A shard builds what it needs, one at a time (flock), so that shards can run side by side and alone.
set -eu
for c in $(awk '!/^ *(#|$)/{print $1}' sim/configs.list); do
  for s in $(seq 1 "${SEEDS:-8}"); do
    echo "regress-$c-$s|flock build/test/make.lock make --no-print-directory -s build/cbit build/dut/$c.so && build/cbit random --config $c --seed $((1000 + s)) --cycles ${CYCLES:-200000} --quiet"
  done
done
