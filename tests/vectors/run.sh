#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# run.sh: known answers on the functional model and, in lock-step, on RTL and cycle model (configurations full, aes256, snpc, snpi);
# then whether the reader refuses what it must, and whether a wrong answer is noticed.
#
# Needs build/cbit and, in build/dut, full.so, aes256.so, snpc.so, snpi.so. Last line: N passed, N failed.
CBIT=${CBIT:-build/cbit}
dir=build/vectors
mkdir -p "$dir"
vectors=tests/vectors
passed=0
failed=0

# check NAME WANT GOT
check() {
  if [ "$2" = "$3" ]; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "FAIL $1: '$3' instead of '$2'"
  fi
}

# The answers. The counts of the program are added to those of this script.
"$CBIT" vectors --json "$dir/vectors.json" "$@" >"$dir/vectors.log" 2>&1
rc=$?
grep -v '^vectors: ' "$dir/vectors.log"
line=$(grep '^vectors: [0-9]* passed, [0-9]* failed$' "$dir/vectors.log" | tail -n 1)
n=$(echo "$line" | cut -d' ' -f2)
m=$(echo "$line" | cut -d' ' -f4)
passed=$((passed + ${n:-0}))
failed=$((failed + ${m:-1}))
check 'exit code of the whole set' 0 "$rc"
check 'JSON tells the same' "$n $m" \
  "$(sed -n 's/^ *"passed": *\([0-9]*\),*$/\1/p' "$dir/vectors.json") $(sed -n 's/^ *"failed": *\([0-9]*\),*$/\1/p' "$dir/vectors.json")"

# expect NAME EXITCODE FIRST-WORD-OF-MESSAGE FILE: functional model only
expect() {
  text=$("$CBIT" vectors --engine functional "$4" 2>&1)
  rc=$?
  check "$1: exit code" "$2" "$rc"
  check "$1: message" "$3" "$(echo "$text" | grep -o "^$4:[0-9]*: [a-zA-Z]*" | head -n 1)"
}
p=$vectors/project/mode4_xts_l64_128.txt
e=$vectors/nist/aes-ecb-kat/ECBVarTxt128.rsp
x=$vectors/nist/xts-tweak-hex/XTSGenAES128.rsp
i=$vectors/nist/ieee1619/ieee1619_xts.txt
bad() { # NAME SED-COMMAND SOURCE LINE
  f=$dir/bad.txt
  sed "$2" "$3" >"$f"
  expect "$1" 2 "$f:$4: error" "$f"
}
bad 'unknown mode' '3s/mode=4/mode=7/' "$p" 3
bad 'missing item' '3s/ slot=[0-9]*//' "$p" 3
bad 'unknown item' '3s/$/ foo=1/' "$p" 3
bad 'item twice' '3s/$/ mode=4/' "$p" 3
bad 'odd digits' '3s/ct=./ct=/' "$p" 3
bad 'texts of different length' '3s/ct=../ct=/' "$p" 3
bad 'short key' '3s/k1=../k1=/' "$p" 3
bad 'address beyond 2^52' '3s/pa=0x/pa=0xf0000000/' "$p" 3
bad 'counter' '3s/ctr=-/ctr=00/' "$p" 3
bad 'digit that is none' '12s/= ./= g/' "$e" 12
bad 'line without a name' '12s/=/ /' "$e" 12
bad 'unknown CAVP item' '12s/PLAINTEXT/PLAINTEXTS/' "$e" 12
bad 'record without ciphertext' '13d' "$e" 10
bad 'wrong DataUnitLen' '13s/128/64/' "$x" 12
bad 'tweak too long' '15s/$/00/' "$x" 15
bad 'number of a data unit' '3s/dun=0/dun=xyz/' "$i" 3
bad 'another text file' '' docs/interfaces.md 3
bad 'only comments' 's/^/# /' "$i" "$(awk 'END{print NR}' "$i")"
# The sets of the reverse map table: what the reader must refuse, told with line and token.
r=$vectors/rmp
badrmp() { # NAME SED-COMMAND SOURCE LINE TOKEN
  f=$dir/bad.txt
  sed "$2" "$3" >"$f"
  text=$("$CBIT" vectors --engine functional "$f" 2>&1)
  check "$1: exit code" 2 $?
  check "$1: message" "$f:$4: error: token '$5'" "$(echo "$text" | grep -o "^$f:[0-9]*: error: token '[^']*'" | head -n 1)"
}
badrmp 'RMP: unknown word' '4s/op=FETCH/op=JUMP/' "$r/decisions.txt" 4 op=JUMP
badrmp 'RMP: unknown key' '4s/ map=/ mapp=/' "$r/decisions.txt" 4 mapp=4K
badrmp 'RMP: key twice' '4s/cpl=0/cpl=0 cpl=1/' "$r/decisions.txt" 4 cpl=1
badrmp 'RMP: missing key' '4s/ cpl=0//' "$r/decisions.txt" 4 row
badrmp 'RMP: too large a number' '4s/vmpl=1/vmpl=4/' "$r/decisions.txt" 4 vmpl=4
badrmp 'RMP: broken entry' '4s/own=\(0x[0-9a-f]*\):0x[0-9a-f]*/own=\1/' "$r/decisions.txt" 4 own=0x5f68000033d62001
badrmp 'RMP: no verdict' '4s/PASS//' "$r/decisions.txt" 4 row
badrmp 'RMP: no arrow' '4s/->//' "$r/decisions.txt" 4 PASS
badrmp 'RMP: unknown verdict' '4s/PASS/PASSED/' "$r/decisions.txt" 4 PASSED
badrmp 'RMP: half a verdict' '4s/PASS/NPF exitinfo1=0x1/' "$r/decisions.txt" 4 row
badrmp 'RMP: unknown default' '2s/snp=1/spn=1/' "$r/decisions.txt" 2 spn=1
badrmp 'RMP: line of another set' "4i STATE covered=1 entry=0x0:0x0 -> state=HYPERVISOR code=2 owner=HV" "$r/routing.txt" 5 ECBIT
badrmp 'RMP: unknown line' '6s/^RMPUPDATE/RMPUPDATES/' "$r/instructions.txt" 6 RMPUPDATES
badrmp 'RMP: page not aligned' '5s/\[0xa105a00000\]/[0xa105a00010]/' "$r/instructions.txt" 5 'entry[0xa105a00010]=0x8:0x0'
badrmp 'RMP: range too long' '5s/\[0xa105a00000\]/[0xa105a00000..0xb105a00000]/' "$r/instructions.txt" 5 'entry[0xa105a00000..0xb105a00000]=0x8:0x0'
badrmp 'RMP: counter out of range' '5s/asid_cnt.1./asid_cnt[2048]/' "$r/instructions.txt" 5 'asid_cnt[2048]=1'
badrmp 'RMP: instruction before init' '5d' "$r/instructions.txt" 5 ''
f=$dir/wrong.txt
for change in '4s/PASS/GP/' '10s/exitinfo2=0x./exitinfo2=0x1/' '4s/row=8/row=9/'; do
  sed "$change" "$r/decisions.txt" >"$f"
  "$CBIT" vectors --engine functional "$f" >"$dir/wrong.log" 2>&1
  check "RMP wrong decision ($change): exit code" 1 $?
  check "RMP wrong decision ($change): one record" 1 "$(grep -c ': FAIL ' "$dir/wrong.log")"
done
for change in '6s/code=0/code=2/' '6s/ asid_cnt.1006.=1$//' '6s/ entry.*$//' '5s/asid_cnt.1.=1/asid_cnt[1006]=1/'; do
  sed "$change" "$r/instructions.txt" >"$f"
  "$CBIT" vectors --engine functional "$f" >"$dir/wrong.log" 2>&1
  check "RMP wrong instruction ($change): exit code" 1 $?
  check "RMP wrong instruction ($change): one record" 1 "$(grep -c ': FAIL ' "$dir/wrong.log")"
done
"$CBIT" vectors --engine rtl "$r/coverage.txt" >"$dir/rmp.log" 2>&1
check 'RMP set on an engine: exit code' 0 $?
check 'RMP set on an engine: said so' 1 "$(grep -c 'RMP sets ran on the functional model only, but for the decisions and the instructions' "$dir/rmp.log")"

# A wrong answer must be noticed at the engine's ports too: code, entry, counter, output.
for change in '6s/code=0/code=2/' '6s/ asid_cnt.1006.=1$//' '6s/ entry.*$//' '5s/asid_cnt.1.=1/asid_cnt[1006]=1/'; do
  sed "$change" "$r/instructions.txt" | head -n 40 >"$f"
  "$CBIT" vectors --engine model --config snpi "$f" >"$dir/wrong.log" 2>&1
  check "RMP wrong instruction on the engine ($change): exit code" 1 $?
  check "RMP wrong instruction on the engine ($change): one record" 1 "$(grep -c ': FAIL model' "$dir/wrong.log")"
done

# And at its check ports: verdict, row, first failing check.
for change in '4s/PASS/GP/' '4s/row=8/row=9/' '4s/why=-/why=VAL/'; do
  sed "$change" "$r/decisions.txt" | head -n 60 >"$f"
  "$CBIT" vectors --engine model --config snpc "$f" >"$dir/wrong.log" 2>&1
  check "RMP wrong decision at a check port ($change): exit code" 1 $?
  check "RMP wrong decision at a check port ($change): one record" 1 "$(grep -c ': FAIL model' "$dir/wrong.log")"
done

f=$dir/missing.txt
rm -f "$f"
"$CBIT" vectors --engine functional "$f" >/dev/null 2>&1
check 'missing file: exit code' 2 $?
f=$dir/tset.txt
head -n 2 $vectors/project/mode2_xex_lin_128_full.txt | sed 's/tset=FULL/tset=OTHER/' >"$f"
expect 'unknown table' 2 "$f:2: error" "$f"

# A wrong answer must be noticed, in each direction and kind.
f=$dir/wrong.txt
sed '3s/ct=\(.\)./ct=\10/; 4s/ct=\(.\)./ct=\11/' "$p" >"$f"
"$CBIT" vectors --engine functional "$f" >"$dir/wrong.log" 2>&1
check 'wrong ciphertext: exit code' 1 $?
f=$dir/wrong.rsp
sed '12s/= ../= 00/;12s/0000/0001/' "$e" >"$f"
"$CBIT" vectors --engine functional "$f" >"$dir/wrong.log" 2>&1
check 'wrong plaintext: exit code' 1 $?
check 'wrong plaintext: one record' 1 "$(grep -c ': FAIL ' "$dir/wrong.log")"
sed '23s/= ../= 00/' $vectors/nist/aes-ecb-mct/ECBMCT128.rsp >"$f"
"$CBIT" vectors --engine functional "$f" >"$dir/wrong.log" 2>&1
check 'wrong Monte Carlo text: exit code' 1 $?

echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
