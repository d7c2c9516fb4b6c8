// The same with the CloudEvents library, in binary mode: java -cp 'jars/*' ProduceBinary.java ip.patent.v1 < events.ndjson
import io.cloudevents.CloudEvent;
import io.cloudevents.core.provider.EventFormatProvider;
import io.cloudevents.jackson.JsonFormat;
import io.cloudevents.kafka.CloudEventSerializer;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringSerializer;

public class ProduceBinary {
    public static void main(String[] arguments) throws Exception {
        var settings = Map.<String, Object>of(
            "bootstrap.servers", System.getenv("LEDGER_BROKERS"),
            "acks", "all",
            "key.serializer", StringSerializer.class,
            "value.serializer", CloudEventSerializer.class);
        var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        var json = EventFormatProvider.getInstance().resolveFormat(JsonFormat.CONTENT_TYPE);
        var sent = new ArrayList<Future<RecordMetadata>>();
        try (var producer = new KafkaProducer<String, CloudEvent>(settings)) {
            for (String line; (line = lines.readLine()) != null; ) {
                CloudEvent event = json.deserialize(line.getBytes(StandardCharsets.UTF_8));
                sent.add(producer.send(new ProducerRecord<>(arguments[0], event.getSubject(), event)));
            }
            for (var receipt : sent) receipt.get();
        }
    }
}
