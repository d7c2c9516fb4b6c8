"""How it moves: topics, producer, worker, reader, development broker, office files. Knows no totals and no SQLite."""
