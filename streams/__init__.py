"""Moves records: topics, producer, worker, reader, development broker, office files. Knows no totals and no SQLite."""

try:
    import schemas.errors  # noqa: F401 - fails if another `schemas` is found
except ImportError as error:
    raise ImportError(
        "`schemas` here is not ip-ledger's module: a schemas.py or schemas/ of your own shadows it. "
        'Move yours into a package (app/schemas.py, then `import app.schemas`); see "From Python" in docs/producers.md'
    ) from error
