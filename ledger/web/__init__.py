"""The server: the API, the pages and the live stream. It opens the book read-only and sandboxed, and writes only to
Kafka."""
