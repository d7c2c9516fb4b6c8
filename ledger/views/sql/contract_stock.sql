-- Contracts by payment, and mergers (see `stock` in ledger/book/schema.sql).
SELECT * FROM stock WHERE kind IN (121, 122, 123, 124, 130, 141, 142, 143, 144, 151, 152, 153, 154)
