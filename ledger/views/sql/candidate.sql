-- Registrations of the book as candidates for refusal, and the later days on which assets joined their pools: one row per
-- pledge and day judged; `contract` is 1 on the day of registration, when the contract is judged too. The topic (1: pledges)
-- depends on the row of the pledge, so that SQLite starts from the pledge, its subject or an asset and never scans a topic.
SELECT p.partition, p.entity, e.subject AS pledge, j.since AS day, j.since = p.registered_on AS contract,
  p.debt_from, iif(j.since = p.registered_on, p.debt_to, (
    SELECT s.debt_to FROM pledge_state AS s
    WHERE s.partition = p.partition AND s.entity = p.entity AND s.basis & :basis AND s.since <= j.since AND j.since < s.until
  )) AS debt_to,
  p.minor IS NULL AND p.amount_status != 'registered' AS undisclosed, p.pledgors, coalesce(p.consent, 0) AS consent,
  p.waivers
FROM pledge AS p
JOIN record AS e ON e.outcome = 1 AND e.topic = 1 + 0 * p.partition AND e.partition = p.partition AND e."offset" = p.entity
JOIN pledge_asset AS j ON j.partition = p.partition AND j.entity = p.entity AND j.basis & :basis AND NOT EXISTS (
  SELECT 1 FROM pledge_asset AS k
  WHERE k.partition = j.partition AND k.entity = j.entity AND k.basis & :basis AND k.place < j.place AND k.since = j.since
)
WHERE unlikely(p.basis & :basis)
