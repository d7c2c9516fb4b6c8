-- R2 to R6 and R11: what the life of a pledged patent breaks on the day judged. For a patent granted later only
-- that counts. Explanations are words and days; the last two parts may be missing.
SELECT a.partition, a.entity, a.pledge, a.day, a.waivers, a.ordinal, a.id, column1 AS ground,
  CASE column1
    WHEN 2 THEN CASE WHEN p.invalid_on IS NOT NULL THEN 'declared invalid on '
      WHEN p.ended_on IS NOT NULL THEN 'not in force since ' ELSE 'its term had ended by ' END
    WHEN 3 THEN iif(p.entity IS NULL, 'no grant is known', 'granted later, on ')
    WHEN 4 THEN 'the last annual fee known to be paid is that of year ' || f.fee_year || ', which had ended by '
    WHEN 5 THEN 'preserved by a court since '
    WHEN 6 THEN 'the debt may be performed until '
    ELSE 'invalidation asked for on ' END AS words,
  CASE column1
    WHEN 2 THEN coalesce(p.invalid_on, p.ended_on, p.term_end)
    WHEN 3 THEN p.granted_on
    WHEN 4 THEN CAST(strftime('%Y%m%d', printf('%04d-%02d-%02d', p.filed_on / 10000, p.filed_on / 100 % 100,
      p.filed_on % 100), '+' || f.fee_year || ' years') AS INTEGER)
    WHEN 5 THEN p.preserved_on
    WHEN 6 THEN a.debt_to
    ELSE p.challenged_on END AS on_day,
  CASE column1 WHEN 6 THEN ', the patent''s term has ended by ' WHEN 11 THEN ', not decided' END AS more,
  iif(column1 = 6, p.term_end, NULL) AS by_day
FROM judged_asset AS a
LEFT JOIN patent AS p ON p.partition = a.patent >> 48 AND p.entity = a.patent & 281474976710655 AND p.basis & :basis
  AND (p.since <= a.day AND a.day < p.until OR p.since = p.granted_on AND a.day < p.granted_on)
LEFT JOIN patent_fee AS f ON f.partition = p.partition AND f.entity = p.entity AND f.basis & :basis
  AND f.since <= a.day AND a.day < f.until AND NOT EXISTS (
    SELECT 1 FROM patent_fee AS g
    WHERE g.partition = f.partition AND g.entity = f.entity AND g.basis & :basis AND g.fee_year > f.fee_year
      AND g.since <= a.day
  )
CROSS JOIN (VALUES (2), (3), (4), (5), (6), (11))
WHERE a.class = 4 AND a.patent IS NOT NULL AND CASE column1
  WHEN 3 THEN iif(p.entity IS NULL, EXISTS (
    SELECT 1 FROM document AS d
    WHERE d.partition = a.patent >> 48 AND d.entity = a.patent & 281474976710655 AND d.basis & :basis
  ), a.day < p.granted_on)
  WHEN 2 THEN p.ended_on IS NOT NULL OR p.term_end <= a.day
  WHEN 4 THEN p.office != 'US' AND a.day >= CAST(strftime('%Y%m%d', printf('%04d-%02d-%02d', p.filed_on / 10000,
    p.filed_on / 100 % 100, p.filed_on % 100), '+' || f.fee_year || ' years') AS INTEGER)
  WHEN 5 THEN p.preserved_on IS NOT NULL
  WHEN 6 THEN a.debt_to >= p.term_end
  ELSE p.challenged_on IS NOT NULL END
  AND (column1 = 3 OR p.granted_on <= a.day)
