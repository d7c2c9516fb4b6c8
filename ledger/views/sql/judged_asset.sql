-- Assets of pledges of the book, each on the day on which it joins the pool (`day`). Class 4 is patents of all rights;
-- trademarks and copyrights have their own. Duplicates in a pool count once. `patent` is the ordinal of the patent with the id:
-- partition * 2^48 + entity. The topic (1: pledges) depends on the row of the pledge, so that SQLite starts from the
-- pledge, its subject or an asset. Consent and waivers are those of the change (type 30) by which a right joined after the
-- registration, else of the registration.
SELECT partition, entity, own_partition, pledge, day, pledgors,
  coalesce(json_extract(change, '$.co_owners_consent'), consent, 0) AS consent,
  coalesce(json_extract(change, '$.waivers'), waivers) AS waivers, debt_to, ordinal, id, class, patent
FROM (
  SELECT p.partition, p.entity, p.partition AS own_partition, e.subject AS pledge, a.since AS day, p.pledgors, p.consent, p.waivers,
    iif(a.since = p.registered_on, NULL, (
      SELECT CAST(iif(x."offset" IS NULL, m.facts, x.facts) AS TEXT)
      FROM record AS m INDEXED BY record_by_subject
      LEFT JOIN amended AS x ON x.topic = 1 AND x.partition = m.partition AND x."offset" = m."offset" AND :basis = 2
      WHERE m.outcome = 1 AND m.topic = 1 AND m.subject = e.subject AND m.type = 30
        AND iif(x."offset" IS NULL, m.occurred_on, x.occurred_on) = a.since
        AND instr(CAST(iif(x."offset" IS NULL, m.facts, x.facts) AS TEXT), '"id":' || json_quote(a.id))
      ORDER BY m."offset" DESC LIMIT 1
    )) AS change,
    iif(a.since = p.registered_on, p.debt_to, (
      SELECT s.debt_to FROM pledge_state AS s
      WHERE s.partition = p.partition AND s.entity = p.entity AND s.basis & :basis AND s.since <= a.since AND a.since < s.until
    )) AS debt_to,
    a.ordinal, a.id, max(a."right", 4) AS class, (
      SELECT f.partition << 48 | f."offset" FROM record AS f INDEXED BY record_by_subject
      WHERE f.outcome = 1 AND f.topic = 2 AND f.subject = coalesce((
        SELECT CASE count(*) WHEN 1 THEN min(g.subject) END -- a number without a kind: the only grant that has it
        FROM record AS g INDEXED BY record_by_subject
        CROSS JOIN patent AS k ON k.partition = g.partition AND k.entity = g."offset" AND k.basis & :basis
          AND k.since = k.granted_on
        WHERE g.outcome = 1 AND g.topic = 2 AND g.subject >= a.id || 'A' AND g.subject < a.id || '['
          AND length(g.subject) <= length(a.id) + 2
      ), a.id)
      ORDER BY f.topic, f.partition, f."offset" LIMIT 1
    ) AS patent
  FROM pledge AS p
  JOIN record AS e ON e.outcome = 1 AND e.topic = 1 + 0 * p.partition AND e.partition = p.partition AND e."offset" = p.entity
  JOIN pledge_asset AS a ON a.partition = p.partition AND a.entity = p.entity AND a.basis & :basis AND NOT EXISTS (
    SELECT 1 FROM pledge_asset AS b
    WHERE b.partition = a.partition AND b.entity = a.entity AND b.basis & :basis AND b.ordinal < a.ordinal
      AND b.since = a.since AND +b.id = a.id AND max(b."right", 4) = max(a."right", 4)
  )
  WHERE unlikely(p.basis & :basis)
)
