-- Registrations of the book as candidates for refusal. The topic (1: pledges) depends on the row of the pledge, so that
-- SQLite starts from the pledge, its subject or an asset and never scans a topic.
SELECT p.partition, p.entity, e.subject AS pledge, p.registered_on AS day, p.debt_from, p.debt_to,
  p.minor IS NULL AND p.amount_status != 'registered' AS undisclosed, p.pledgors, coalesce(p.consent, 0) AS consent,
  p.waivers
FROM pledge AS p
JOIN record AS e ON e.outcome = 1 AND e.topic = 1 + 0 * p.partition AND e.partition = p.partition AND e."offset" = p.entity
WHERE unlikely(p.basis & :basis)
