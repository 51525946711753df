#!/bin/sh
# Executions a second of each libFuzzer target, for so many seconds each: `sh fuzz/rates.sh 20`.
# On full-length random inputs, without a sanitizer, and with nothing kept afterwards.
# `cargo bench -p cofferdam-tests --bench hunt` has the same bodies without libFuzzer.
set -eu
cd "$(dirname "$0")/.."
seconds=${1:-20}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

cargo fuzz build -s none
echo "| fuzz target | exec/s |"
echo "|---|---|"
for target in $(cargo fuzz list); do
    len=256
    case $target in
    insolvency | loss_policies | differential | profit) len=768 ;;
    esac
    mkdir -p "$scratch/$target"
    for seed in 1 2 3 4 5 6 7 8; do
        head -c "$len" /dev/urandom >"$scratch/$target/$seed"
    done
    log="$scratch/$target.log"
    if ! cargo fuzz run -s none "$target" "$scratch/$target" -- \
        -seed=7 -len_control=0 -max_len="$len" -max_total_time="$seconds" \
        -artifact_prefix="$scratch/" -print_final_stats=1 >"$log" 2>&1; then
        tail -n 20 "$log"
        exit 1
    fi
    rate=$(sed -n 's/^stat::average_exec_per_sec: *//p' "$log")
    echo "| $target | $rate |"
done
