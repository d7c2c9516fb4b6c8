"""Publish the grant of a patent, and print its place in the log."""

import os

from streams.cluster import Cluster
from streams.producer import Producer

cluster = Cluster(os.environ["LEDGER_BROKERS"], os.environ.get("LEDGER_TOPIC_PREFIX", ""))
grant = {
    "occurred_on": "2018-06-19", "office": "US", "number": "10000000", "kind": "B2", "right": "invention",
    "ipc": ["G01S0007486000"], "applicants": [{"name": "Raytheon Company", "country": "US"}],
}  # fmt: skip
with Producer(cluster) as producer:
    producer.publish_event("ip.patent.granted.v1", "US10000000B2", "urn:example", grant, on_receipt=print)
