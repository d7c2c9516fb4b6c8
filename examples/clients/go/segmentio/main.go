// Publish events, one JSON document a line, from standard input: go run ./segmentio ip.patent.v1 < events.ndjson
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"log"
	"os"
	"strings"

	"github.com/segmentio/kafka-go"
)

func main() {
	writer := &kafka.Writer{
		Addr:         kafka.TCP(strings.Split(os.Getenv("LEDGER_BROKERS"), ",")...),
		Topic:        os.Args[1],
		RequiredAcks: kafka.RequireAll,
		Balancer:     kafka.Murmur2Balancer{},
	}
	var messages []kafka.Message
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 4<<20)
	for lines.Scan() {
		var event struct{ Subject string }
		if err := json.Unmarshal(lines.Bytes(), &event); err != nil {
			log.Fatal(err)
		}
		messages = append(messages, kafka.Message{Key: []byte(event.Subject), Value: []byte(lines.Text())})
	}
	if err := writer.WriteMessages(context.Background(), messages...); err != nil {
		log.Fatal(err)
	}
	if err := writer.Close(); err != nil {
		log.Fatal(err)
	}
}
