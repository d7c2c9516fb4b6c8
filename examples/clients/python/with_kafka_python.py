"""Publish events, one JSON document a line: `python with_kafka_python.py TOPIC < events.ndjson`."""

import json
import os
import sys

from kafka import KafkaProducer

producer = KafkaProducer(bootstrap_servers=os.environ["LEDGER_BROKERS"].split(","), acks="all")
sent = [producer.send(sys.argv[1], key=json.loads(line)["subject"].encode(), value=line) for line in sys.stdin.buffer]
for receipt in sent:
    receipt.get()
