-- Patents granted up to the day (:as_of), one row each, with the inputs of their score.
SELECT e.subject, p.office, p."right", p.industry, p.region, p.granted_on, p.filed_on,
  p.filed_on / 10000 AS filing_year,
  p.ended_on IS NULL AND coalesce(p.term_end > :as_of, 1) AS in_force,
  CAST(julianday(printf('%04d-%02d-%02d', p.term_end / 10000, p.term_end / 100 % 100, p.term_end % 100))
    - julianday(iif(p.office = 'US' AND p."right" = 3, -- 3: designs, whose term counts from the grant
      printf('%04d-%02d-%02d', p.granted_on / 10000, p.granted_on / 100 % 100, p.granted_on % 100),
      printf('%04d-%02d-%02d', p.filed_on / 10000, p.filed_on / 100 % 100, p.filed_on % 100))) AS INTEGER) AS term_days,
  CAST(julianday(printf('%04d-%02d-%02d', p.term_end / 10000, p.term_end / 100 % 100, p.term_end % 100))
    - julianday(printf('%04d-%02d-%02d', :as_of / 10000, :as_of / 100 % 100, :as_of % 100)) AS INTEGER) AS days_left,
  iif(p.filed_on <= p.granted_on, CAST(
    julianday(printf('%04d-%02d-%02d', p.granted_on / 10000, p.granted_on / 100 % 100, p.granted_on % 100))
    - julianday(printf('%04d-%02d-%02d', p.filed_on / 10000, p.filed_on / 100 % 100, p.filed_on % 100)) AS INTEGER),
    NULL) AS lag,
  g.claims, nullif(g.scope, 0) AS scope, json_array_length(g.cites) AS backward, coalesce(c.forward, 0) AS forward,
  nullif((
    SELECT count(DISTINCT d.office) FROM document AS d
    WHERE d.family_id = p.family_id AND d.basis & :basis AND d.day <= :as_of
  ), 0) AS offices,
  coalesce(n.survived, 0) AS survived, coalesce(n.award, 0) AS award,
  p.preserved_on IS NOT NULL OR EXISTS (
    SELECT 1 FROM pledge_asset AS a
    WHERE a.id = e.subject AND a.basis & :basis AND a.since <= :as_of AND :as_of < a.until
  ) AS encumbered,
  ( -- pledges that it left by cancellation or release, without default or realisation
    SELECT count(*) FROM pledge_asset AS a
    WHERE a.id = e.subject AND a.basis & :basis AND a.since <= :as_of AND a.until <= :as_of AND NOT EXISTS (
      SELECT 1 FROM pledge_asset AS b -- the last of its stays in a pool counts
      WHERE b.id = a.id AND b.partition = a.partition AND b.entity = a.entity AND b.basis & :basis AND b.since <= :as_of
        AND (b.place, b.since) > (a.place, a.since)
    ) AND NOT EXISTS (
      SELECT 1 FROM pledge_state AS s
      WHERE s.partition = a.partition AND s.entity = a.entity AND s.basis & :basis AND s.since <= :as_of
        AND :as_of < s.until AND (s.defaulted_on IS NOT NULL OR s.realised_on IS NOT NULL)
    )
  ) AS released,
  coalesce(s.priced, 0) AS priced, r.years, r.with_amount, r.currency, r.high, r.low
FROM patent_on_day AS p
CROSS JOIN record AS e ON e.outcome = 1 AND e.topic = 2 -- 2: patents
  AND e.partition = p.partition AND e."offset" = p.entity
CROSS JOIN document AS g ON g.partition = p.partition AND g.entity = p.entity AND g.basis & :basis
  AND g.type = 10 -- 10: patent.granted
LEFT JOIN (
  SELECT partition, entity, sum(what = 'survived') AS survived, max(what = 'award') AS award
  FROM note
  WHERE basis & :basis AND day <= :as_of AND what != 'tag'
  GROUP BY partition, entity
) AS n ON n.partition = p.partition AND n.entity = p.entity
LEFT JOIN renewal AS r ON r.partition = p.partition AND r.entity = p.entity
LEFT JOIN (SELECT id, count(*) AS priced FROM priced_deal GROUP BY id) AS s ON s.id = e.subject
LEFT JOIN forward_citation AS c ON c.partition = p.partition AND c.entity = p.entity
LIMIT -1 -- read several times: LIMIT keeps SQLite from inlining it
