#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# docs_check.sh OUT: what was just drawn in OUT (sim/docs.mk) is what docs/ keeps, file by file, and docs/images keeps no drawing
# that nobody makes. Last line "docs: N passed, N failed".
set -u
out=${1:?usage: docs_check.sh OUT}
passed=0 failed=0
same() { # kept, drawn, command
  if cmp -s "$1" "$2"; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "docs: $1 is not what $3 gives" >&2
    diff -u "$1" "$2" 2>&1 | head -n 12 >&2
  fi
}
for f in "$out"/wave-*.svg; do same "docs/images/$(basename "$f")" "$f" "make docs-waves"; done
for f in "$out"/rmp-*.svg; do same "docs/images/$(basename "$f")" "$f" "make docs-rmp"; done
same docs/walkthrough.md "$out/walkthrough.md" "make docs-waves"
for f in docs/images/wave-*.svg docs/images/rmp-*.svg; do
  if [ ! -e "$out/$(basename "$f")" ]; then
    failed=$((failed + 1))
    echo "docs: nothing draws $f" >&2
  fi
done
echo "docs: $passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
