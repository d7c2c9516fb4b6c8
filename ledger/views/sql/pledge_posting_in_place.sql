-- Postings of pledges registered (topic 1, kind 2), of places (:only: regions, countries, ALL).
SELECT * FROM posting
WHERE topic = 1 AND kind = 2 AND basis & :basis AND region IN (
  SELECT region FROM json_each(:only) AS place CROSS JOIN total ON kind = 2 AND industry = 0 -- 0: all industries
    AND place.value IN (region, substr(region, iif(region IN ('CN-HK', 'CN-MO', 'CN-TW'), 4, 1), 2), 'ALL')
)
