// Publish events, one JSON document a line, from standard input: go run ./confluent ip.patent.v1 < events.ndjson
package main

import (
	"bufio"
	"encoding/json"
	"log"
	"os"

	"github.com/confluentinc/confluent-kafka-go/v2/kafka"
)

func main() {
	producer, err := kafka.NewProducer(&kafka.ConfigMap{
		"bootstrap.servers":  os.Getenv("LEDGER_BROKERS"),
		"enable.idempotence": true,
		"partitioner":        "murmur2_random",
	})
	if err != nil {
		log.Fatal(err)
	}
	defer producer.Close()
	receipts := make(chan kafka.Event, 1)
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 4<<20)
	for lines.Scan() {
		var event struct{ Subject string }
		if err := json.Unmarshal(lines.Bytes(), &event); err != nil {
			log.Fatal(err)
		}
		message := &kafka.Message{
			TopicPartition: kafka.TopicPartition{Topic: &os.Args[1], Partition: kafka.PartitionAny},
			Key:            []byte(event.Subject),
			Value:          []byte(lines.Text()),
		}
		if err := producer.Produce(message, receipts); err != nil {
			log.Fatal(err)
		}
		if err := (<-receipts).(*kafka.Message).TopicPartition.Error; err != nil {
			log.Fatal(err)
		}
	}
}
