#!/usr/bin/env bash
# Measures whole builds: cold and unchanged, of 1,000 and 10,000 pages (or the
# numbers given), medians of five interleaved runs. Output goes to memory
# (/dev/shm) where there is some: making files on a disk takes longer than
# anything that is measured here.
#
#	.ci/bench/build.sh [N ...]
set -euo pipefail
cd "$(dirname "$0")/../.."
case "${1:-}" in -*) sed -n "2,9s/^# \\{0,1\\}//p" "$0"; exit 2 ;; esac
sizes=("$@")
[ ${#sizes[@]} -gt 0 ] || sizes=(1000 10000)
command -v /usr/bin/time >/dev/null || { echo "build.sh: needs /usr/bin/time (package time)" >&2; exit 2; }

where=/dev/shm
[ -w "$where" ] || where=${TMPDIR:-/tmp}
work=$(mktemp -d "$where/bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
go build -o "$work/kaiho" ./cmd/kaiho
for n in "${sizes[@]}"; do go run .ci/bench/corpus.go -n "$n" -o "$work/$n"; done

measure() { # measure STATE N: appends "wall cpu peak"
	/usr/bin/time -f '%e %U %S %M' -o "$work/time" "$work/kaiho" -C "$work/$2" build >"$work/out" 2>&1 || { cat "$work/out"; exit 1; }
	awk '{ print $1, $2 + $3, $4 / 1024 }' "$work/time" >>"$work/$1-$2.txt"
}

for _ in 1 2 3 4 5; do
	for n in "${sizes[@]}"; do
		rm -rf "$work/$n/dist"
		measure cold "$n"
		measure unchanged "$n"
	done
done

median() { sort -n -k"$1,$1" "$2" | awk -v c="$1" '{ v[NR] = $c } END { print v[int((NR + 1) / 2)] }'; }

printf '%d cores, %s\n\n' "$(nproc)" "$(go version | cut -d' ' -f3)"
echo '| pages | state | wall s | CPU s | peak MB | pages/s |'
echo '|---|---|---|---|---|---|'
for n in "${sizes[@]}"; do
	for state in cold unchanged; do
		file="$work/$state-$n.txt"
		wall=$(median 1 "$file")
		printf '| %d | %s | %.2f | %.2f | %.0f | %.0f |\n' "$n" "$state" "$wall" "$(median 2 "$file")" "$(median 3 "$file")" "$(awk -v n="$n" -v w="$wall" 'BEGIN { print n / (w > 0 ? w : 0.01) }')"
	done
done
