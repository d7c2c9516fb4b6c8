"""Write and read server.properties of the node."""

from __future__ import annotations

from dataclasses import dataclass

_TEMPLATE = """\
# Apache Kafka {version}, embedded by ip-ledger: one KRaft node on loopback, rewritten at every start.
process.roles=broker,controller
node.id=1
listeners=BROKER://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller_port}
advertised.listeners=BROKER://127.0.0.1:{port}
listener.security.protocol.map=BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT
inter.broker.listener.name=BROKER
controller.listener.names=CONTROLLER
controller.quorum.voters=1@127.0.0.1:{controller_port}
log.dirs=data
log.retention.ms=-1
auto.create.topics.enable=false
message.max.bytes=4194304
replica.fetch.max.bytes=4194304
offsets.topic.num.partitions=1
offsets.topic.replication.factor=1
transaction.state.log.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
# After a crash the node is let in again only when the session of its former life is over. A node that pauses for
# longer is out of service for a moment.
broker.session.timeout.ms=6000
broker.heartbeat.interval.ms=500
# No record for followers, of which a single node has none: the default writes one every half second.
metadata.max.idle.interval.ms=0
# The default sets 128 MiB of heap aside to compact logs; here only the small topic of group offsets is.
log.cleaner.dedupe.buffer.size=4194304
"""


@dataclass(frozen=True, slots=True)
class NodeSettings:
    """The variable settings of a server.properties. Its paths are relative to its directory."""

    version: str
    port: int
    controller_port: int

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"


def render(settings: NodeSettings) -> str:
    """Return the text of server.properties for these settings."""
    return _TEMPLATE.format(version=settings.version, port=settings.port, controller_port=settings.controller_port)


def parse(text: str) -> NodeSettings:
    """Return the settings of a server.properties that `render` wrote."""
    first, *lines = text.splitlines()
    listeners = dict(line.split("=", 1) for line in lines if not line.startswith("#"))["listeners"]
    port, controller_port, *_ = (int(listener.rpartition(":")[2]) for listener in listeners.split(","))
    return NodeSettings(first.split()[3].rstrip(","), port, controller_port)
