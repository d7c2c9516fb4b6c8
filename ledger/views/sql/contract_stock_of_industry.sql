-- Contracts by payment, and mergers, of industries (:only: their numbers).
SELECT * FROM stock WHERE kind IN (121, 122, 123, 124, 130, 141, 142, 143, 144, 151, 152, 153, 154)
  AND industry IN (SELECT value FROM json_each(:only))
