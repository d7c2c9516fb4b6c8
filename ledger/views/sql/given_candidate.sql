-- Candidates from a JSON array (:candidates) of {number, subject, facts}; `entity` is the number.
SELECT 0 AS partition, json_extract(value, '$.number') AS entity, json_extract(value, '$.subject') AS pledge,
  json_extract(value, '$.facts.occurred_on') AS day, json_extract(value, '$.facts.debt_from') AS debt_from,
  json_extract(value, '$.facts.debt_to') AS debt_to,
  json_extract(value, '$.facts.secured[1]') IS NULL
    AND json_extract(value, '$.facts.amount_status') != 'registered' AS undisclosed,
  json_extract(value, '$.facts.pledgors') AS pledgors,
  coalesce(json_extract(value, '$.facts.co_owners_consent'), 0) AS consent,
  json_extract(value, '$.facts.waivers') AS waivers
FROM json_each(:candidates)
