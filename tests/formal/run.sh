#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# run.sh [--long] [NAME...]: the proofs of tests/formal (all, or those named), each task of each .sby file; JOBS (default 2) at a
# time. Tasks whose names begin with "long" are done only with --long, and then they alone; tasks "bug" are for planted bugs alone:
# bounded, without the assertions that only an induction needs.
#
# Then the proofs are shown to bite: with a planted bug in the RTL the proof that should mind must not go through. Bugs: those of
# tests/planted/planted.list that are named here (long_bites: with --long), and all of tests/planted/formal.list.
# Last line "formal: N passed, N failed". Logs: build/formal/.
set -u
out=build/formal
mkdir -p "$out"
bites="key_store.life:key_live_early key_store.life:wipe_leaves_word key_store.life:flush_no_wait key_store.life:zeroise_no_kill
route.user:page_end_refused route.user:cbit_ignored_fetch route.user:exclusive_passes route.user:address_limit gf_mul:alpha_reduce"
for b in snp_off cov gown_a gown_bit gown_zero rmap_bit rmap_2m_field rmap_2m_place mut size size_1g val vmpl_before_val val_before_size \
  auth_mask illegal_mask exec_user sss_user hvo_sub hvo_uncovered hvo_4k 17a_vmsa inuse state_lock tio read_error err_walk err_sss \
  err_offset pass_info sp_checked addr_end addr_high addr_counters; do
  bites="$bites rmp_check.check:rmp_$b"
done
long_bites=
more() { # FILE.TASK PREFIX BUG...: in the set of the moment
  for b in $(shift 2; echo "$@"); do
    if [ "$set" = long ]; then long_bites="$long_bites $1:$2$b"; else bites="$bites $1:$2$b"; fi
  done
}
set=test
more rmp_init.bug rmp_init_ order idle
more rmp_cache.bug rmp_ cache_keeps cache_busy_hit gate_order
more rmp_walker.bug rmp_walk_ redo
more rmp_insn.bug insn_ stop_wr mark_stop
more rmp_cache.bug base_ no_tag tbusy_now
more rmp_walker.write base_ after_restart
more rmp_init.prove chk_ drain_idle
set=long
more rmp_init.bug rmp_init_ range cover count tend
more rmp_init.prove rmp_init_ smee
more rmp_cache.bug rmp_ cache_tag cache_base_tag alone_4k alone_host alone_npt cache_first cache_record guard_end guard_sp
more rmp_walker.bug rmp_ walk_fill walk_error walk_word walk_which walk_slot init_verify
more rmp_insn.bug insn_ inv_pvalidate stop_rd open_early last_port w_owed which
# missing: a run of these four to its end (last_use: no trace within 60 s)
more rmp_walker.bug base_ last_use of_read always
more rmp_insn.bug chk_ stop_idle
more rmp_insn.bug rmp_insn_ a13 u9 u12_free v3 gown
more rmp_insn.prove insn_ scan_short half_address err_stays

# sby looks for yosys, yosys-smtbmc ... by these names
venv=${CBIT_VENV:-build/venv}
[ ! -d "$venv/bin" ] || venv=$(cd "$venv" && pwd)
eda=$venv/eda
PATH="$venv/bin:$PATH"
if [ ! -x "$eda/sby" ]; then
  eda=build/eda
  mkdir -p "$eda"
  for t in yosys yosys-smtbmc yosys-witness sby; do
    p=$(command -v "yowasp-$t") || { echo "formal: no yowasp-$t; run 'sh sim/setup.sh test'" >&2; exit 1; }
    ln -sf "$p" "$eda/$t"
  done
fi
PATH="$(cd "$eda" && pwd):$PATH"
export PATH

if [ "${1:-}" = --one ]; then # FILE.sby TASK|- RESULT-NAME
  task=$3
  [ "$task" = - ] && task=
  # shellcheck disable=SC2086
  timeout "${LIMIT:-900}" sby -f -d "$out/$4" "$2" $task >"$out/$4.log" 2>&1
  sed -n 's/.*DONE (\([A-Z]*\),.*/\1/p' "$out/$4.log" | tail -n 1 >"$out/$4.res"
  exit 0
fi

tasks() { awk '/^\[/ {on = $0 == "[tasks]"; next} on && NF {print $1}' "$1"; }

long=0
if [ "${1:-}" = --long ]; then
  long=1
  LIMIT=3600
  export LIMIT
  shift
fi
names=" $* "
# FILE TASK: is it to be done?
wanted() {
  [ "$names" = "  " ] || case "$names" in *" $1 "*) ;; *) return 1 ;; esac
  case $2 in long*) [ $long = 1 ] ;; bug) false ;; *) [ $long = 0 ] ;; esac
}

: >"$out/jobs"
for f in tests/formal/*.sby; do
  name=$(basename "$f" .sby)
  t=$(tasks "$f")
  for task in ${t:--}; do
    if wanted "$name" "$task"; then echo "--one $f $task $name.$task" | sed 's/\.-$//' >>"$out/jobs"; fi
  done
done
[ -s "$out/jobs" ] || { echo "formal: no such proof: $*" >&2; exit 2; }

# the same proof over RTL in which one bug is awake for ever
mkdir -p build/formal/planted
{ awk -v names="$bites $long_bites" 'BEGIN { n = split(names, w, " "); for (i = 1; i <= n; i++) { sub(/.*:/, "", w[i]); want[w[i]] } }
    $1 == "bug" { on = $2 in want } on' tests/planted/planted.list; cat tests/planted/formal.list; } >build/formal/planted.list
perl tests/planted/plant.pl build/formal/planted.list build/formal/planted >/dev/null || exit 1
planted() { awk -F'\t' -v c="$1" '$4 == c {print $5 ":" $2}' build/formal/planted/bugs.txt; }
if [ $long = 1 ]; then bites="$long_bites $(planted formal-long)"; else bites="$bites $(planted formal)"; fi
for b in $bites; do
  proof=${b%%:*} bug=${b#*:}
  file=${proof%%.*}
  task=${proof#"$file"}
  task=${task#.}
  wanted "$file" "$([ $long = 1 ] && echo long)" || continue
  number=$(awk -F'\t' -v n="$bug" '$2 == n {print $1}' build/formal/planted/bugs.txt)
  [ -n "$number" ] || { echo "formal: no planted bug '$bug'" >&2; exit 1; }
  mkdir -p "$out/bite"
  printf 'package cbit_plant_pkg;\n  localparam int unsigned chosen = %s;\nendpackage\n' "$number" >"$out/bite/$bug.sv"
  sed -e 's|^rtl/|build/formal/planted/rtl/|' -e "s|^\(.*read_slang.*--top [a-z_]*\)|\1 $bug.sv|" \
    -e "s|^\[files\]|[files]\n$out/bite/$bug.sv|" "tests/formal/$file.sby" >"$out/bite/$file.$bug.sby"
  echo "--one $out/bite/$file.$bug.sby ${task:--} bite.$file.$bug" >>"$out/jobs"
done

rm -f "$out"/*.res
xargs -L 1 -P "${JOBS:-2}" sh "$0" <"$out/jobs"

passed=0 failed=0
while read -r _ f task name; do
  result=$(cat "$out/$name.res" 2>/dev/null)
  text="proved"
  good=PASS
  case $name in
    bite.*) text="minds ${name#bite.} ($(grep -m 1 -o 'Assert failed.*' "$out/$name.log" | sed 's/.*: //; s/Assert failed in [a-z_.]*//'))" ;;
    *cover) text="reached" ;;
  esac
  ok=1
  case $name in
    bite.*) [ "$result" = FAIL ] || [ "$result" = UNKNOWN ] || ok=0 ;;
    *) [ "$result" = "$good" ] || ok=0 ;;
  esac
  if [ $ok = 1 ]; then
    passed=$((passed + 1))
    printf 'ok   %-30s %s\n' "$name" "$text"
  else
    failed=$((failed + 1))
    printf 'FAIL %-30s %s, log: %s\n' "$name" "${result:-no result}" "$out/$name.log"
  fi
done <"$out/jobs"
echo "formal: $passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
