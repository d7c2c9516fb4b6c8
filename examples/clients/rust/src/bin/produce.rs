// Publish events, one JSON document a line, from standard input: cargo run --bin produce ip.patent.v1 < events.ndjson
use rdkafka::config::ClientConfig;
use rdkafka::producer::{FutureProducer, FutureRecord};
use std::io::stdin;
use std::time::Duration;

#[tokio::main]
async fn main() {
    let topic = std::env::args().nth(1).expect("a topic");
    let producer: FutureProducer = ClientConfig::new()
        .set("bootstrap.servers", std::env::var("LEDGER_BROKERS").expect("LEDGER_BROKERS"))
        .set("enable.idempotence", "true")
        .set("partitioner", "murmur2_random")
        .create()
        .expect("a producer");
    for line in stdin().lines() {
        let line = line.expect("a line of UTF-8");
        let event: serde_json::Value = serde_json::from_str(&line).expect("an event in JSON");
        let subject = event["subject"].as_str().expect("a subject");
        let record = FutureRecord::to(&topic).key(subject).payload(&line);
        producer.send(record, Duration::from_secs(30)).await.expect("a receipt");
    }
}
