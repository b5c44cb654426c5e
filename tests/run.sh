#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# run.sh SET [NAME]: runs the tests of a set (check, test, regress) from tests/tests.list, JOBS (default 2) at a time.
#
# A test is a shell command. It fails if its exit status is not 0. If its log has lines "... N passed, N failed", the last of
# them (the total) counts; else it counts as one. Logs: build/test/<set>/<name>.log. JUnit XML: build/reports/junit-<set>.xml.
# regress keeps what already passed at this state of the tree (resume); `rm -r build/test/regress` starts afresh. The shards of
# tests/regress_shards.sh look at engine, model and bench only: a change of the documentation lets them stand.
# On a terminal a bar below the lines shows how far it is and about how long it takes; shards kept are not counted in that.
set -u
unset MAKEFLAGS MFLAGS  # the jobs below are ours to count: no part in a caller's jobserver (make -j)
set=${1:-test}
only=${2:-}
dir=build/test/$set
mkdir -p "$dir" build/reports
exec 8>"$dir/lock"
flock -n 8 || { echo "run.sh: set '$set' is running already in this tree" >&2; exit 2; }
sum_of() { find "$@" -type f -exec cksum {} + | LC_ALL=C sort -k 3 | cksum | tr -d ' '; }
state=$(sum_of Makefile cmodel constraints docs fusesoc.core rtl sim tb tests ./*.md 2>/dev/null)
shard_state=$(sum_of cmodel rtl sim tb tests/regress_shards.sh tests/product.sh)
list=$dir/list
# a test of a smaller set belongs to the larger ones
awk -v s="$set" -F'|' '
  function rank(x) { return x=="check"?1 : x=="test"?2 : x=="regress"?3 : 9 }
  /^[ \t]*(#|$)/ {next}
  { n=$1; t=$2; c=$3; for(i=4;i<=NF;i++) c=c"|"$i; gsub(/[ \t]/,"",n); gsub(/[ \t]/,"",t); sub(/^[ \t]+/,"",c)
    if (rank(t) > 3 || c == "") { printf "tests/tests.list:%d: not \"name | check, test or regress | command\": %s\n", NR, $0 >"/dev/stderr"; exit 2 }
    if (rank(t) <= rank(s)) print n "|" c }' tests/tests.list >"$list" || exit 2
if [ "$set" = regress ]; then bash tests/regress_shards.sh >>"$list"; fi
[ -z "$only" ] || { grep "^$only|" "$list" >"$list.1"; mv "$list.1" "$list"; }
total=$(wc -l <"$list")
marks=$dir/marks
rm -rf "$marks"
mkdir -p "$marks"
bar=0
if [ -t 1 ] && [ "${CI:-}" != true ] && [ "${TERM:-dumb}" != dumb ]; then bar=1; fi
[ "$total" -gt 0 ] || { echo "run.sh: no test in set '$set' $only" >&2; exit 2; }

one() {
  name=$1 cmd=$2
  log=$dir/$name.log res=$dir/$name.res
  case $name in regress-* | product-*) state=$shard_state ;; esac
  if [ "$set" = regress ] && [ -e "$res" ] && [ "$(cut -d' ' -f1 "$res")" = "$state" ] && [ "$(cut -d' ' -f3 "$res")" = 0 ]; then
    echo kept >"$marks/$name"
    exit 0
  fi
  rm -f "$res"
  t0=$(date +%s)
  sh -c "$cmd" >"$log" 2>&1 </dev/null
  rc=$?
  t1=$(date +%s)
  counts=$(awk '/[0-9]+ passed, [0-9]+ failed/ { for(i=1;i<NF;i++) { if($(i+1)~/^passed/) p=$i; if($(i+1)~/^failed/) f=$i } } END{ print p+0, f+0 }' "$log")
  p=${counts% *} f=${counts#* }
  if [ "$rc" != 0 ]; then [ "$f" -gt 0 ] || f=1
  elif [ "$f" -gt 0 ]; then :
  elif [ "$p" = 0 ]; then p=1; fi
  echo "$state $p $f $((t1 - t0)) $rc" >"$res.tmp"; mv "$res.tmp" "$res"
  if [ "$f" = 0 ]; then echo ran; else echo failed; fi >"$marks/$name"
}
# the seeds of a test's random runs, as its log tells them
seeds_of() { sed -n 's/^random: seed \(0x[0-9a-f]*\),.*/\1/p' "$dir/$1.log" 2>/dev/null | sort -u | tr '\n' ' '; }
clock() { printf '%d:%02d:%02d' $(($1 / 3600)) $(($1 / 60 % 60)) $(($1 % 60)); }

njobs=${JOBS:-2}
i=0
start=$(date +%s)
progress() {
  [ $bar = 1 ] || return 0
  n=$(find "$marks" -type f | wc -l)
  kept=$(grep -l '^kept$' "$marks"/* 2>/dev/null | wc -l)
  bad=$(grep -l '^failed$' "$marks"/* 2>/dev/null | wc -l)
  now=$(($(date +%s) - start))
  left='?'
  if [ "$n" -gt "$kept" ]; then left=$(clock $((now * (total - n) / (n - kept)))); fi
  width=$((n * 30 / total))
  printf '\r\033[K[%s%s] %d/%d, %d failed, %s gone, about %s left' "$(printf '%*s' $width '' | tr ' ' '#')" \
    "$(printf '%*s' $((30 - width)) '' | tr ' ' '.')" "$n" "$total" "$bad" "$(clock $now)" "$left"
}
report() {
  # shellcheck disable=SC2046
  set -- "$1" "$2" $(cat "$dir/$2.res" 2>/dev/null || echo "- 0 1 0 lost")
  if [ "$5" != 0 ]; then w=FAIL; elif grep -q '^kept$' "$marks/$2" 2>/dev/null; then w=kept; else w=ok; fi
  seeds=$(seeds_of "$2")
  [ $bar = 0 ] || printf '\r\033[K'
  printf '[%3d/%d] %-4s %-34s %6s passed %4s failed %5ss%s\n' "$1" "$total" "$w" "$2" "$4" "$5" "$6" "${seeds:+  seed ${seeds% }}"
  [ "$5" = 0 ] || { tail -n 12 "$dir/$2.log" | sed 's/^/          | /'; echo "          log: $dir/$2.log"; }
  progress
}
progress
while IFS='|' read -r -u 9 name cmd; do
  i=$((i + 1))
  while [ "$(jobs -rp | wc -l)" -ge "$njobs" ]; do wait -n; done
  { (one "$name" "$cmd"); report "$i" "$name"; } &
done 9<"$list"
wait
[ $bar = 0 ] || printf '\r\033[K'
P=0 F=0
{
  echo '<?xml version="1.0" encoding="UTF-8"?>'
  echo "<testsuite name=\"cbit-$set\" tests=\"$total\">"
} >build/reports/junit-$set.xml
while IFS='|' read -r name cmd; do
  r=$(cat "$dir/$name.res" 2>/dev/null || echo "- 0 1 0 lost")
  # shellcheck disable=SC2086
  set -- $r
  P=$((P + $2)); F=$((F + $3))
  seeds=$(seeds_of "$name")
  if [ "$3" = 0 ]; then
    echo "<testcase name=\"$name\" time=\"$4\">${seeds:+<system-out>seed ${seeds% }</system-out>}</testcase>"
  else
    echo "<testcase name=\"$name\" time=\"$4\"><failure message=\"exit $5\">"
    tail -n 20 "$dir/$name.log" 2>/dev/null | sed -e 's/&/\&amp;/g' -e 's/</\&lt;/g' -e 's/>/\&gt;/g' | tr -d '\000-\010\013\014\016-\037'
    echo "</failure></testcase>"
  fi
done <"$list" >>build/reports/junit-$set.xml
echo "</testsuite>" >>build/reports/junit-$set.xml
echo "$total tests of set '$set' in $(($(date +%s) - start)) s; JUnit: build/reports/junit-$set.xml"
echo "$P passed, $F failed"
[ "$F" = 0 ] && [ "$P" -gt 0 ]
