#!/usr/bin/env bash
# Load the example into a fresh ledger and compare the published figures with it. Run from the project's root:
#   examples/shanghai/run.sh DIRECTORY     (deletes the directory of an earlier run)
set -euo pipefail

bin=.venv/bin
here=examples/shanghai
directory=$1

rm -rf "$directory"
mkdir -p "$directory"
export LEDGER_BOOK=${LEDGER_BOOK:-$directory/book.db}
if [ -n "${LEDGER_BROKERS:-}" ]; then
  # an existing cluster: separate topics, so that the log contains nothing else
  export LEDGER_TOPIC_PREFIX=${LEDGER_TOPIC_PREFIX:-shanghai-$(date +%s)-}
else
  export LEDGER_BROKER_DIR=$directory/broker
  trap '$bin/ip-ledger broker stop' EXIT
  export $($bin/ip-ledger broker start)
fi

$bin/ip-ledger topics create >/dev/null
$bin/python $here/make_events.py | cat - $here/reference.ndjson $here/published_figures.ndjson | $bin/ip-ledger publish -
$bin/ip-ledger replay --book "$LEDGER_BOOK"
# Exit code 1: some figures differ, as expected.
$bin/ip-ledger reconcile || [ $? = 1 ]

cat >&2 <<WORDS

Try next:
  export LEDGER_BOOK=$LEDGER_BOOK
  ip-ledger reconcile --json --figure 'per 10,000'
  ip-ledger view per_10k --as-of 2022-12-31
  ip-ledger totals --kind pledges --by industry,year
WORDS
