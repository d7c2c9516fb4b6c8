-- Registrations of pledges whose text has the id or name of a debtor (:only). Searching the text is cheaper than parsing it.
SELECT * FROM registered_debtor
WHERE EXISTS (
  SELECT 1 FROM json_each(:only) AS o
  WHERE instr(facts, CAST(substr(json_quote(o.value), 2, length(json_quote(o.value)) - 2) AS BLOB))
)
