-- Candidates from a JSON array (:candidates) of {number, subject, facts}; `entity` is the number. They are registrations,
-- or changes that add assets to a pledge: then the book gives its parties, consent and waivers.
SELECT 0 AS partition, json_extract(value, '$.number') AS entity, json_extract(value, '$.subject') AS pledge,
  json_extract(value, '$.facts.occurred_on') AS day,
  json_type(value, '$.facts.assets') IS NOT NULL AS contract, json_extract(value, '$.facts.debt_from') AS debt_from,
  coalesce(json_extract(value, '$.facts.debt_to'), known.debt_to) AS debt_to,
  json_extract(value, '$.facts.secured[1]') IS NULL
    AND json_extract(value, '$.facts.amount_status') != 'registered' AS undisclosed,
  coalesce(json_extract(value, '$.facts.pledgors'), known.pledgors, '[]') AS pledgors,
  coalesce(json_extract(value, '$.facts.co_owners_consent'), known.consent, 0) AS consent,
  coalesce(json_extract(value, '$.facts.waivers'), known.waivers) AS waivers
FROM json_each(:candidates) LEFT JOIN given_pledge AS known
  ON known.number = json_extract(value, '$.number') AND json_type(value, '$.facts.assets') IS NULL
