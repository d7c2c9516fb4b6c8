"""Publish events, one JSON document a line: `python with_aiokafka.py TOPIC < events.ndjson`."""

import asyncio
import json
import os
import sys

from aiokafka import AIOKafkaProducer


async def produce() -> None:
    async with AIOKafkaProducer(bootstrap_servers=os.environ["LEDGER_BROKERS"], enable_idempotence=True) as producer:
        for line in sys.stdin.buffer:
            await producer.send_and_wait(sys.argv[1], line, json.loads(line)["subject"].encode())


asyncio.run(produce())
