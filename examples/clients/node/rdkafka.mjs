// Publish events, one JSON document a line, from standard input: node rdkafka.mjs ip.patent.v1 < events.ndjson
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import rdkafka from "node-rdkafka";

const producer = new rdkafka.HighLevelProducer(
  { "bootstrap.servers": process.env.LEDGER_BROKERS, "enable.idempotence": true },
  { partitioner: "murmur2_random" },
);
const produce = promisify(producer.produce.bind(producer));

await promisify(producer.connect.bind(producer))(undefined);
for await (const line of createInterface({ input: process.stdin })) {
  const { subject } = JSON.parse(line);
  await produce(process.argv[2], null, Buffer.from(line), subject, null);
}
await promisify(producer.disconnect.bind(producer))();
