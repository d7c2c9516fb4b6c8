-- Registrations of the book as candidates for refusal: one row per pledge. `contract` is 1, since the contract is judged.
-- The topic (1: pledges) depends on the row of the pledge, so that SQLite starts from the pledge or its subject.
SELECT p.partition, p.entity, e.subject AS pledge, p.registered_on AS day, 1 AS contract, p.debt_from, p.debt_to,
  p.minor IS NULL AND p.amount_status != 'registered' AS undisclosed, p.waivers
FROM pledge AS p
JOIN record AS e ON e.outcome = 1 AND e.topic = 1 + 0 * p.partition AND e.partition = p.partition AND e."offset" = p.entity
WHERE unlikely(p.basis & :basis) AND EXISTS (
  SELECT 1 FROM pledge_asset AS a
  WHERE a.partition = p.partition AND a.entity = p.entity AND a.basis & :basis AND a.since = p.registered_on
)
