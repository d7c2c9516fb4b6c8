// Publish events, one JSON document a line, from standard input: node platformatic.mjs ip.patent.v1 < events.ndjson
import { createInterface } from "node:readline";
import { Producer, ProduceAcks, stringSerializers } from "@platformatic/kafka";

const producer = new Producer({
  clientId: "producer",
  bootstrapBrokers: process.env.LEDGER_BROKERS.split(","),
  serializers: stringSerializers,
});

for await (const line of createInterface({ input: process.stdin })) {
  const { subject } = JSON.parse(line);
  await producer.send({ acks: ProduceAcks.ALL, messages: [{ topic: process.argv[2], key: subject, value: line }] });
}
await producer.close();
