#!/bin/sh
# Stands between cargo and rustc (RUSTC_WORKSPACE_WRAPPER) when `cargo xtask fuzz` builds: the code that is to be
# fuzzed counts what it reaches, for libFuzzer to see, and checks its arithmetic and its assertions. What is not ours,
# and what only plays the cloud around it, is left as it is, and so is not built again.
set -eu
rustc=$1
shift

crate=
previous=
for argument in "$@"; do
    if [ "$previous" = --crate-name ]; then crate=$argument; fi
    previous=$argument
done

case $crate in
'' | ___ | build_script_* | fuzz | world) exec "$rustc" "$@" ;;
esac
exec "$rustc" "$@" \
    -C passes=sancov-module \
    -C llvm-args=-sanitizer-coverage-level=4 \
    -C llvm-args=-sanitizer-coverage-inline-8bit-counters \
    -C llvm-args=-sanitizer-coverage-pc-table \
    -C llvm-args=-sanitizer-coverage-trace-compares \
    -C debug-assertions=on \
    -C overflow-checks=on
