#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Mirror check: each RTL module has a twin in cmodel, or a line in docs/overview.md ("no twin: <module>: reason").
set -u
bad=0 n=0
for f in rtl/*/cbit_*.sv; do
  m=$(basename "$f" .sv); room=$(basename "$(dirname "$f")"); u=${m#cbit_}
  n=$((n + 1))
  ls "cmodel/$room/$u.c" "cmodel/$room/${u}_cyc.c" >/dev/null 2>&1 ; [ -e "cmodel/$room/$u.c" ] || [ -e "cmodel/$room/${u}_cyc.c" ] || \
    grep -q "^- \`$m\`:" docs/overview.md || { echo "mirror: $m has no twin in cmodel/$room and no line in docs/overview.md" >&2; bad=1; }
done
[ "$bad" = 0 ] && echo "mirror: $n modules, each with a twin or a reason"
exit $bad
