"""Publish events, one JSON document a line: `python with_confluent_kafka.py TOPIC < events.ndjson`."""

import json
import os
import sys

from confluent_kafka import KafkaError, Message, Producer

failed: list[KafkaError] = []


def receipt(error: KafkaError | None, message: Message) -> None:
    if error is not None:
        failed.append(error)


producer = Producer(
    {
        "bootstrap.servers": os.environ["LEDGER_BROKERS"],
        "enable.idempotence": True,
        "partitioner": "murmur2_random",
    }
)
for line in sys.stdin.buffer:
    producer.produce(sys.argv[1], line, json.loads(line)["subject"].encode(), on_delivery=receipt)
producer.flush()
sys.exit(f"{len(failed)} events did not go out: {failed[0]}" if failed else 0)
