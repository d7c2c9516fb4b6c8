#!/bin/sh
# Grant a principal what a role needs on the topics and the consumer group of a ledger, and nothing else.
#
# Usage: ops/acls.sh ROLE PRINCIPAL [TOPIC...]
#   creator   topics create, topics check
#   producer  publish, import: to all topics, or only to those given
#   worker    worker, status, doctor, rejections publish
#   evaluator evaluator
#   auditor   status, replay, verify, doctor, topics check
#
# PRINCIPAL is User:NAME, or User:SUBJECT of a client certificate (openssl x509 -noout -subject -nameopt RFC2253).
# LEDGER_BROKERS, LEDGER_TOPIC_PREFIX and LEDGER_GROUP are the ledger's settings. KAFKA_ACLS is the tool, by default
# kafka-acls.sh; KAFKA_COMMAND_CONFIG a file with the login of a principal that may grant rights.
# KAFKA_ACLS='echo kafka-acls.sh' prints the commands and grants nothing.
set -eu

topics='ip.pledge.v1 ip.patent.v1 ip.valuation.v1 ip.deal.v1 ip.loan.v1 ip.trademark.v1 ip.pct.v1 ip.reference.v1'
log='ip.log.v1'               # the shape of the log: all read it, the creator writes it
rejections='ip.rejection.v1'  # derived from the log: the worker writes it, all may read it
readers='ip-rejections.'      # consumer groups in which producers read it
evaluators="ip-ledger.${LEDGER_TOPIC_PREFIX:-}evaluator" # groups and transactional ids of evaluators

[ $# -ge 2 ] || { sed -n '2,/^set/s/^# \{0,1\}//p' "$0" >&2; exit 2; }
role=$1
principal=$2
shift 2

# grant OPERATION... -- RESOURCE...
grant() {
  operations=
  while [ "$1" != -- ]; do
    operations="$operations --operation $1"
    shift
  done
  shift
  # shellcheck disable=SC2086 # the tool and the operations are words
  ${KAFKA_ACLS:-kafka-acls.sh} --bootstrap-server "$LEDGER_BROKERS" \
    ${KAFKA_COMMAND_CONFIG:+--command-config "$KAFKA_COMMAND_CONFIG"} \
    --add --allow-principal "$principal" $operations "$@"
}

named() {
  for topic in "$@"; do
    printf ' --topic %s%s' "${LEDGER_TOPIC_PREFIX:-}" "$topic"
  done
}

if [ -n "${LEDGER_GROUP:-}" ]; then
  group="--group $LEDGER_GROUP --group $LEDGER_GROUP.rejections"
else
  group='--group ip-ledger. --resource-pattern-type prefixed'
fi

# shellcheck disable=SC2046,SC2086 # topics and groups have no blanks in their names
case $role in
  creator)
    grant Create Describe DescribeConfigs -- $(named $topics $log $rejections)
    grant Read Write -- $(named $log)
    ;;
  producer)
    grant Write -- $(named ${*:-$topics})
    grant Read -- $(named $log $rejections)
    grant Read -- --group $readers --resource-pattern-type prefixed
    ;;
  worker)
    grant Read DescribeConfigs -- $(named $topics $log)
    grant Read Write DescribeConfigs -- $(named $rejections)
    grant Read -- $group
    grant Describe -- --transactional-id '*' # to say whose transaction is open
    ;;
  evaluator)
    grant Read -- $(named $topics $log)
    grant Write -- $(named ip.valuation.v1)
    grant Read -- --group "$evaluators" --resource-pattern-type prefixed
    grant Write Describe -- --transactional-id "$evaluators" --resource-pattern-type prefixed
    ;;
  auditor)
    grant Read DescribeConfigs -- $(named $topics $log $rejections)
    grant Describe -- $group
    grant Describe -- --transactional-id '*'
    ;;
  *)
    echo "No role $role: creator, producer, worker, evaluator or auditor." >&2
    exit 2
    ;;
esac
