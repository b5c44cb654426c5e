#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# run.sh - run cmocka programs and count their tests
#
# Usage: run.sh PROGRAM...   The last line is "model: N passed, N failed"; the exit code is 0 only if nothing failed.
# A program that ends without its own count (crash, sanitizer report) counts as one failed test.

passed=0
failed=0
for program in "$@"; do
  log=$program.log
  "$program" > "$log" 2>&1
  code=$?
  p=$(sed -n 's/^\[  PASSED  \] \([0-9]*\) test(s)\.$/\1/p' "$log" | tail -n 1)
  f=$(sed -n 's/^\[  FAILED  \] \([0-9]*\) test(s), listed below:$/\1/p' "$log" | tail -n 1)
  p=${p:-0}
  f=${f:-0}
  if [ "$code" -ne 0 ] && [ "$f" -eq 0 ]; then
    f=1
  fi
  if [ "$f" -ne 0 ]; then
    cat "$log"
  fi
  echo "$(basename "$program"): $p passed, $f failed"
  passed=$((passed + p))
  failed=$((failed + f))
done
echo "model: $passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
