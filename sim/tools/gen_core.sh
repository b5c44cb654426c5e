#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# gen_core.sh [--check]: writes the file lists of fusesoc.core (between its marks), or checks that they are right.
#
# rtl: what rtl/cbit.f names, in its order, and the headers. flow: all that the make targets behind the hooks need, so that a core
# exported by FuseSoC builds by itself.
set -eu
core=fusesoc.core
tmp=$(mktemp)
trap 'rm -f "$tmp"' EXIT
rtl() {
  find rtl -name '*.svh' | sort | sed 's/.*/      - &: {is_include_file: true}/'
  sh sim/tools/rtl_files.sh | sed 's/^/      - /'
}
flow() {
  { echo Makefile; echo rtl/cbit.f
    find cmodel tb sim constraints tests/planted tests/formal -type f
    find tests -maxdepth 1 -type f
  } | grep -v '/\.' | sort | sed 's/^/      - /'
}
{
  sed '/# rtl files: generated/q' $core
  rtl
  sed -n '/# end of rtl files/,/# flow files: generated/p' $core
  flow
  sed -n '/# end of flow files/,$p' $core
} >"$tmp"
if [ "${1:-}" = --check ]; then
  cmp -s "$tmp" $core || { echo "gen_core: fusesoc.core does not list the files there are; run sh sim/tools/gen_core.sh" >&2; exit 1; }
else
  cat "$tmp" >$core
fi
