#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Prints the extra tests of `make regress`.
#
#   regress-CONFIG-N   every configuration of sim/configs.list: SEEDS (default 8) runs of CYCLES (default 200000). All configurations
#                      with their first seed come first: engines are built side by side.
#   product-...        the full product of the main parameters (tests/product.sh), cheapest first; PRODUCT=0 leaves it out
#
# A shard builds what it needs. A lock for each engine keeps two shards from building the same one.
set -eu
lock=build/test
program="flock $lock/make.lock make --no-print-directory -s build/cbit"
for s in $(seq 1 "${SEEDS:-8}"); do
  for c in $(awk '!/^ *(#|$)/{print $1}' sim/configs.list); do
    echo "regress-$c-$s|$program && flock $lock/make-$c.lock make --no-print-directory -s build/dut/$c.so && build/cbit random --config $c --seed $((1000 + s)) --cycles ${CYCLES:-200000} --quiet"
  done
done
[ "${PRODUCT:-1}" != 0 ] || exit 0
echo "product-refused|sh tests/product.sh refused"
for c in $(sh tests/product.sh list); do
  echo "product-$c|$program && sh tests/product.sh one $c"
done
