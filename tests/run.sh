#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# run.sh SET: runs the tests of a set (check, test, regress) from tests/tests.list, JOBS (default 2) at a time.
#
# A test is a shell command. It fails if its exit status is not 0. If its log has lines "... N passed, N failed", the last of
# them (the total) counts; else it counts as one. Logs: build/test/<set>/<name>.log. JUnit XML: build/reports/junit-<set>.xml.
# regress keeps what already passed at this state of the tree (resume); `rm -r build/test/regress` starts afresh.
set -u
unset MAKEFLAGS MFLAGS  # the jobs below are ours to count: no part in a caller's jobserver (make -j)
set=${1:-test}
only=${2:-}
dir=build/test/$set
mkdir -p "$dir" build/reports
state=$( (git rev-parse HEAD 2>/dev/null; git diff HEAD 2>/dev/null) | cksum | tr -d ' ')
list=$dir/list
# a test of a smaller set belongs to the larger ones
awk -v s="$set" -F'|' '
  function rank(x) { return x=="check"?1 : x=="test"?2 : x=="regress"?3 : 9 }
  /^[ \t]*(#|$)/ {next}
  { n=$1; t=$2; c=$3; for(i=4;i<=NF;i++) c=c"|"$i; gsub(/[ \t]/,"",n); gsub(/[ \t]/,"",t); sub(/^[ \t]+/,"",c)
    if (rank(t) <= rank(s)) print n "|" c }' tests/tests.list >"$list"
if [ "$set" = regress ]; then bash tests/regress_shards.sh >>"$list"; fi
[ -z "$only" ] || { grep "^$only|" "$list" >"$list.1"; mv "$list.1" "$list"; }
total=$(wc -l <"$list")
[ "$total" -gt 0 ] || { echo "run.sh: no test in set '$set' $only" >&2; exit 2; }

one() {
  name=$1 cmd=$2
  log=$dir/$name.log res=$dir/$name.res
  if [ "$set" = regress ] && [ -e "$res" ] && [ "$(cut -d' ' -f1 "$res")" = "$state" ] && [ "$(cut -d' ' -f3 "$res")" = 0 ]; then exit 0; fi
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
}

njobs=${JOBS:-2}
i=0
start=$(date +%s)
report() {
  # shellcheck disable=SC2046
  set -- "$1" "$2" $(cat "$dir/$2.res" 2>/dev/null || echo "- 0 1 0 lost")
  if [ "$5" = 0 ]; then w=ok; else w=FAIL; fi
  printf '[%3d/%d] %-4s %-34s %6s passed %4s failed %5ss\n' "$1" "$total" "$w" "$2" "$4" "$5" "$6"
  [ "$5" = 0 ] || { tail -n 12 "$dir/$2.log" | sed 's/^/          | /'; echo "          log: $dir/$2.log"; }
}
while IFS='|' read -r -u 9 name cmd; do
  i=$((i + 1))
  while [ "$(jobs -rp | wc -l)" -ge "$njobs" ]; do wait -n; done
  { (one "$name" "$cmd"); report "$i" "$name"; } &
done 9<"$list"
wait
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
  if [ "$3" = 0 ]; then echo "<testcase name=\"$name\" time=\"$4\"/>"
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
