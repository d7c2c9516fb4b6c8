"""The programs of examples/clients: how to run each, and its line that sets the right partitioner."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple


class Client(NamedTuple):
    """A client of the table in docs/producers.md: its program, its command, and what is installed with it.

    In the command, `{}` is the program's path and `{name}` its name. `line` is what a producer has to set, empty if the
    default is right; `otherwise` replaces it in the test without it.
    """

    name: str
    program: str
    run: str
    needs: str
    line: str = ""
    otherwise: str = ""


def program(directory: Path, client: Client, without_line: bool) -> Path:
    """Return the client's published program, or a copy next to it without its line."""
    path = directory / client.program
    if not without_line:
        return path
    text = path.read_text("utf-8")
    assert client.line in text, f"{client.program} lacks the line {client.line}"
    other = path.parent / "default" / path.name if path.suffix == ".go" else path.with_name(f"default_{path.name}")
    other.parent.mkdir(exist_ok=True)
    other.write_text(text.replace(client.line, client.otherwise), "utf-8")
    return other


CLIENTS = (
    Client("Java: kafka-clients", "java/Produce.java", "java -cp jars/* {}", "jars"),
    Client("Java: cloudevents-kafka", "java/ProduceBinary.java", "java -cp jars/* {}", "jars"),
    Client("Node: kafkajs", "node/kafkajs.mjs", "node {}", "node_modules"),
    Client(
        "Node: kafkajs, `LegacyPartitioner`",
        "node/kafkajs.mjs",
        "node {}",
        "node_modules",
        line="Partitioners.DefaultPartitioner",
        otherwise="Partitioners.LegacyPartitioner",
    ),
    Client("Node: kafkajs, cloudevents", "node/kafkajs-binary.mjs", "node {}", "node_modules"),
    Client("Node: @platformatic/kafka", "node/platformatic.mjs", "node {}", "node_modules"),
    Client(
        "Node: node-rdkafka",
        "node/rdkafka.mjs",
        "node {}",
        "node_modules",
        line='{ partitioner: "murmur2_random" }',
        otherwise="{}",
    ),
    Client("Go: franz-go", "go/franz/main.go", "go run {}", "go.sum"),
    Client(
        "Go: sarama",
        "go/sarama/main.go",
        "go run {}",
        "go.sum",
        line="config.Producer.Partitioner = sarama.NewMurmur2Partitioner",
    ),
    Client(
        "Go: segmentio/kafka-go",
        "go/segmentio/main.go",
        "go run {}",
        "go.sum",
        line="Balancer:     kafka.Murmur2Balancer{},",
    ),
    Client(
        "Go: confluent-kafka-go",
        "go/confluent/main.go",
        "go run {}",
        "go.sum",
        line='"partitioner":        "murmur2_random",',
    ),
    Client(
        "Rust: rdkafka",
        "rust/src/bin/produce.rs",
        "cargo run --quiet --bin {name}",
        "Cargo.lock",
        line='.set("partitioner", "murmur2_random")',
    ),
    Client("Python: kafka-python", "python/with_kafka_python.py", "venv/bin/python {}", "venv"),
    Client("Python: aiokafka", "python/with_aiokafka.py", "venv/bin/python {}", "venv"),
    Client(
        "Python: confluent-kafka",
        "python/with_confluent_kafka.py",
        "venv/bin/python {}",
        "venv",
        line='"partitioner": "murmur2_random",',
    ),
    Client("Python: kafka-python, cloudevents", "python/with_cloudevents.py", "venv/bin/python {}", "venv"),
)
