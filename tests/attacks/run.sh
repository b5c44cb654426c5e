#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# run.sh [options of cbit attack and cbit run]: the attacks of this folder and the command that plays them
#
#   every scenario by itself, with the variables that it sets   exit code 0, and it observed something
#   cbit attack                                                 exit code 0; JSON and page name every cell; every scenario
#                                                               of the folder is played by at least one cell
#   cbit attack NAME...                                         only the cells of these
#   changed scenarios (a copy of the folder)                    exit code 1, and the cell is named: what is expected can fail
#   wrong command lines                                         exit code 2, one line, nothing printed
#
# Needs build/cbit (CBIT=) and the engines snpi, snpiconst and full. Last line: N passed, N failed. Logs: build/attacks/ (LOG=).
set -u
dir=$(dirname "$0")
cbit=${CBIT:-build/cbit}
log=${LOG:-build/attacks}
rm -rf "$log"
mkdir -p "$log"
passed=0 failed=0

result() {  # name, 0 = good, what to show when not
  if [ "$2" = 0 ]; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "FAIL $1"
    sed 's/^/     | /' "$3" | tail -n 12
  fi
}

for f in "$dir"/*.scn; do
  n=$(basename "$f" .scn)
  "$cbit" run "$f" --quiet --json "$log/$n.json" "$@" >"$log/$n.log" 2>&1
  rc=$?
  grep -q '"outcome"' "$log/$n.json" || rc=9
  result "$n (exit $rc)" "$rc" "$log/$n.log"
done

"$cbit" attack --json "$log/all.json" --html "$log/all.html" "$@" >"$log/all.log" 2>&1
rc=$?
tail -n 1 "$log/all.log" | sed 's/^/     /'
result "cbit attack (exit $rc)" "$rc" "$log/all.log"
rc=0
for f in "$dir"/*.scn; do
  n=$(basename "$f" .scn)
  grep -q "\"scenario\": \"$n\"" "$log/all.json" || { rc=1; echo "$n is played by no cell" >>"$log/all.log"; }
done
result "every scenario has a cell" "$rc" "$log/all.log"
cells=$(sed -n 's/^attack: \([0-9]*\) cells.*/\1/p' "$log/all.log")
[ "$(grep -c '"threat":' "$log/all.json")" = "$cells" ] && [ "$(grep -c '"outcome":' "$log/all.json")" = "$cells" ] &&
  [ "$(grep -o '<td class="\(stopped\|noise\|succeeds\)"' "$log/all.html" | wc -l)" = "$cells" ] && ! grep -q 'http' "$log/all.html"
result "JSON and page have $cells cells" $? "$log/all.log"

"$cbit" attack insn-remap at03 "$@" >"$log/some.log" 2>&1 && grep -q '^attack: 3 cells, 3 as expected' "$log/some.log"
result "named attacks only" $? "$log/some.log"

# name, file, edit, attack, what must be said
planted() {
  want=$5
  rm -rf "$log/copy"
  mkdir -p "$log/copy"
  cp "$dir"/*.scn "$log/copy"
  sed "$3" "$dir/$2.scn" >"$log/copy/$2.scn"
  "$cbit" attack "$4" --dir "$log/copy" --engine model >"$log/changed.log" 2>&1
  rc=$?
  good=1
  if [ "$rc" = 1 ] && grep -q "$want" "$log/changed.log" && ! cmp -s "$dir/$2.scn" "$log/copy/$2.scn"; then good=0; fi
  result "changed: $1 (exit $rc, must be 1)" "$good" "$log/changed.log"
}
planted "no alias in memory" at11_badram '/^dram alias/d' at11 'DIFFERS at11, SEV-SNP, no alias check'
planted "the guest does not flush" at25_reuse '/guest flush/d' at25 'DIFFERS at25, SEV, flushed'
planted "the host takes another page" denial \
  's/^nested unmap.*/wait 1/; s/^when $snp rmpupdate $page assigned=off/wait 1/' denial 'DIFFERS denial, plain'
planted "the guest validates what it is given" insn_remap \
  's/^rmpupdate $second.*/&\nguest pvalidate A $va/; /^expect trap/d' insn-remap 'DIFFERS insn-remap'
planted "the save area stays the host's" save_read 's/^when $snp rmpupdate.*/wait 1/' save-read 'save-read *SEV-SNP *FAILED'
planted "an expectation on the way does not hold" at18_stale 's/^expect tlb miss/expect tlb hit/' at18 'at18 *SEV-SNP, stale entry *FAILED'
planted "nothing is observed" at12_battering '/^observe/d' at12 'at12 .*nothing was observed'

wrong() {  # what, text, arguments
  what=$1 text=$2
  shift 2
  "$cbit" attack "$@" >"$log/wrong.out" 2>"$log/wrong.log"
  rc=$?
  good=1
  if [ "$rc" = 2 ] && [ ! -s "$log/wrong.out" ] && [ "$(grep -c . "$log/wrong.log")" = 1 ] && grep -q "$text" "$log/wrong.log"; then
    good=0
  fi
  result "$what (exit $rc, must be 2)" "$good" "$log/wrong.log"
}
wrong "unknown attack" "no attack 'at99'" at99
wrong "unknown option" "threat" --threat host-read
wrong "no such folder" "cannot read '$log/none" at03 --dir "$log/none" --engine model
wrong "configuration without the check" "has no RMP check" --config default --engine model
wrong "configuration without instructions" "has no RMP check with instructions" at03 --config snp --engine model
wrong "unknown configuration" "nosuch" --config nosuch --engine model
sed 's/^observe attacker/observe attackers/' "$dir/at03_remap.scn" >"$log/copy/at03_remap.scn"
wrong "broken scenario" "at03_remap.scn:[0-9]*:[0-9]*: error" at03 --dir "$log/copy" --engine model

echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
