// The same with the CloudEvents library, in binary mode: node kafkajs-binary.mjs ip.patent.v1 < events.ndjson
import { createInterface } from "node:readline";
import { CloudEvent, Kafka as binding } from "cloudevents";
import kafkajs from "kafkajs";

const { Kafka, Partitioners, logLevel } = kafkajs;
const kafka = new Kafka({ brokers: process.env.LEDGER_BROKERS.split(","), logLevel: logLevel.ERROR });
const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner, idempotent: true });

await producer.connect();
for await (const line of createInterface({ input: process.stdin })) {
  const event = new CloudEvent(JSON.parse(line));
  const { headers, value } = JSON.parse(JSON.stringify(binding.binary(event))); // without headers that are undefined
  await producer.send({
    topic: process.argv[2],
    acks: -1,
    messages: [{ key: event.subject, headers, value: JSON.stringify(value) }],
  });
}
await producer.disconnect();
