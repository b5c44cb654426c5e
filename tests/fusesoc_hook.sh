#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# fusesoc_hook.sh TARGET: what the hooks of fusesoc.core do, in the tree that FuseSoC made (FILES_ROOT)
set -eu
cd "$FILES_ROOT"
unset MAKEFLAGS MFLAGS MAKELEVEL
if [ -n "${CBIT_VENV:-}" ]; then PATH="$CBIT_VENV/bin:$PATH"; fi
case $1 in
  sim)
    make --no-print-directory -s -j2 build/cbit build/dut/default.so
    build/cbit random --config default --seed 1 --cycles 20000 --no-cover
    ;;
  synth) NOPNR=1 sh sim/tools/synth_ecp5.sh default ;;
  formal) sh tests/formal/run.sh fifo route ;;
  *) echo "fusesoc_hook: unknown target '$1'" >&2; exit 2 ;;
esac
