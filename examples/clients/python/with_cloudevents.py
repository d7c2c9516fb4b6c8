"""The same with the CloudEvents library, in binary mode: `python with_cloudevents.py TOPIC < events.ndjson`."""

import os
import sys

from cloudevents.core.bindings.kafka import to_binary
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from kafka import KafkaProducer

producer = KafkaProducer(bootstrap_servers=os.environ["LEDGER_BROKERS"].split(","), acks="all")
sent = []
for line in sys.stdin.buffer:
    message = to_binary(JSONFormat().read(CloudEvent, line), JSONFormat(), key_mapper=lambda event: event.get_subject())
    key, headers = str(message.key).encode(), list(message.headers.items())
    sent.append(producer.send(sys.argv[1], key=key, value=message.value, headers=headers))
for receipt in sent:
    receipt.get()
