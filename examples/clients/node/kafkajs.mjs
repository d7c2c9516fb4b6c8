// Publish events, one JSON document a line, from standard input: node kafkajs.mjs ip.patent.v1 < events.ndjson
import { createInterface } from "node:readline";
import kafkajs from "kafkajs";

const { Kafka, Partitioners, logLevel } = kafkajs;
const kafka = new Kafka({ brokers: process.env.LEDGER_BROKERS.split(","), logLevel: logLevel.ERROR });
const producer = kafka.producer({
  createPartitioner: Partitioners.DefaultPartitioner, // murmur2
  idempotent: true,
});

await producer.connect();
for await (const line of createInterface({ input: process.stdin })) {
  const { subject } = JSON.parse(line);
  await producer.send({ topic: process.argv[2], acks: -1, messages: [{ key: subject, value: line }] });
}
await producer.disconnect();
