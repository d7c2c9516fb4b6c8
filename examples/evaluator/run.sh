#!/usr/bin/env bash
# Value real patents by the evaluator, on real grants and conveyances and constructed prices. Run from the project's root:
#   examples/evaluator/run.sh DIRECTORY     (deletes the directory of an earlier run)
# LEDGER_OFFICE_DATA names the directory of the office files, by default shared/data next to the project.
set -euo pipefail

bin=.venv/bin
make="$bin/python examples/evaluator/make_events.py"
directory=$1
data=${LEDGER_OFFICE_DATA:-../shared/data}
[ -d "$data" ] || { echo "no office data in $data: set LEDGER_OFFICE_DATA" >&2; exit 2; }

rm -rf "$directory"
mkdir -p "$directory"
export LEDGER_BOOK=${LEDGER_BOOK:-$directory/book.db}
services=()
stop() {
  for service in "${services[@]}"; do kill "$service" 2>/dev/null || true; done
  wait
  [ -z "${LEDGER_BROKER_DIR:-}" ] || $bin/ip-ledger broker stop
}
trap stop EXIT
if [ -n "${LEDGER_BROKERS:-}" ]; then
  # an existing cluster: separate topics, so that the log contains nothing else
  export LEDGER_TOPIC_PREFIX=${LEDGER_TOPIC_PREFIX:-evaluator-$(date +%s)-}
else
  export LEDGER_BROKER_DIR=$directory/broker
  export $($bin/ip-ledger broker start)
fi

publish() { $bin/ip-ledger publish - >/dev/null; }
step() { printf '\n%s\n' "$*" >&2; }

step "Real: grants with titles and symbols, conveyances, NASA's offers"
$bin/ip-ledger topics create >/dev/null
$bin/ip-ledger import uspto-grants "$data"/us-grants-search-json/ppubs-docs.jsonl.gz --to "$directory/grants.ndjson" >/dev/null
publish < "$directory/grants.ndjson"
$bin/ip-ledger import uspto-assignments "$data"/us-assignments/assignment-search-api.xml.gz >/dev/null
$make offers "$data"/evaluator/nasa-patents.csv.gz | publish

step "Real: what moved between two editions of the Orange Book"
$bin/python examples/evaluator/orange_book.py "$data"/evaluator/fda-orange-book-patent_{2022-12,2024-05}.txt.gz | publish

step "Constructed: 400 sales at prices of one distribution"
$make sales "$directory/grants.ndjson" | publish
$bin/ip-ledger replay --book "$LEDGER_BOOK"
$bin/ip-ledger worker 2>"$directory/worker.log" & services+=($!)
$bin/ip-ledger evaluator 2>"$directory/evaluator.log" & services+=($!)

step "Requests: 4 patents under a real pledge, 120 grants"
$make requests "$directory/grants.ndjson" | publish
for _ in $(seq 600); do
  waiting=$($bin/ip-ledger view valuation_requests --as-of 2024-12-31 --csv --columns state 2>/dev/null | sort | uniq -c | tr -s ' \n' ' ')
  case $waiting in *waiting*) sleep 0.5 ;; *completed* | *refused*) break ;; esac
done
$bin/ip-ledger view valuation_requests --as-of 2024-12-31 --table --limit 6

step "Every answer, computed again from the log"
$bin/ip-ledger evaluate --verify --table --limit 3

step "The four patents under the security interest 60613/72"
$bin/ip-ledger view encumbered pledge=US-RF-60613-72 id=US11890582,US11998878,US12018382,US12025997 --table

step "Prospects: owners of grants that cite what NASA offers"
$bin/ip-ledger view prospects --as-of 2024-12-31 --table

step "Patents that left the Orange Book before they expired, and those whose expiry moved"
$bin/ip-ledger view tags --as-of 2024-12-31 --table

step "The 120 grants are sold (constructed): did the intervals keep their promise?"
$make later "$directory/grants.ndjson" | publish
for _ in $(seq 600); do
  [ "$($bin/ip-ledger view realised_values --as-of 2024-12-31 --csv 2>/dev/null | wc -l)" -gt 110 ] && break
  sleep 0.5
done
$bin/ip-ledger calibration --as-of 2024-12-31 --table
$bin/ip-ledger view funnel --as-of 2024-12-31 --table --limit 8

cat >&2 <<WORDS

Try next:
  export LEDGER_BOOK=$LEDGER_BOOK
  ip-ledger view realised_values --as-of 2024-12-31 inside=0
  ip-ledger evaluate US11890582 --approach cost --currency USD --as-of 2024-06-30
  ip-ledger verify
WORDS
