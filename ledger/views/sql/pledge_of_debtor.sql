-- Pledges in force on a day (:as_of) by debtor (its id, else its name; NULL if none is named). Joint debtors have equal
-- parts of the debt in minor units; the remainder goes to those named first.
SELECT p.partition, p.entity, p.region, s.currency,
  coalesce(json_extract(party.value, '$.id'), json_extract(party.value, '$.name')) AS debtor,
  json_extract(party.value, '$.name') AS name,
  coalesce(party.key, 0) = 0 AS first, iif(party.key IS NULL, s.minor,
    s.minor / json_array_length(debtors) + (party.key < s.minor % json_array_length(debtors))) AS part
FROM debtor_pledge AS p
CROSS JOIN pledge_state AS s ON s.partition = p.partition AND s.entity = p.entity
LEFT JOIN json_each(coalesce(p.debtors, '[]')) AS party
WHERE s.cancelled_on IS NULL AND s.since <= :as_of AND :as_of < s.until AND s.basis & :basis
