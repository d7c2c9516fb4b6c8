// Publish events, one JSON document a line, from standard input: go run ./sarama ip.patent.v1 < events.ndjson
package main

import (
	"bufio"
	"encoding/json"
	"log"
	"os"
	"strings"

	"github.com/IBM/sarama"
)

func main() {
	config := sarama.NewConfig()
	config.Producer.RequiredAcks = sarama.WaitForAll
	config.Producer.Return.Successes = true
	config.Producer.Partitioner = sarama.NewMurmur2Partitioner
	producer, err := sarama.NewSyncProducer(strings.Split(os.Getenv("LEDGER_BROKERS"), ","), config)
	if err != nil {
		log.Fatal(err)
	}
	defer producer.Close()
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 4<<20)
	for lines.Scan() {
		var event struct{ Subject string }
		if err := json.Unmarshal(lines.Bytes(), &event); err != nil {
			log.Fatal(err)
		}
		key, value := sarama.StringEncoder(event.Subject), sarama.StringEncoder(lines.Text())
		if _, _, err := producer.SendMessage(&sarama.ProducerMessage{Topic: os.Args[1], Key: key, Value: value}); err != nil {
			log.Fatal(err)
		}
	}
}
