-- Patents valued up to a day (:as_of), by purpose and year of the first valuation, with the number licensed, assigned
-- or pledged from then to the day.
SELECT purpose, year, count(*) AS patents, sum(licensed) AS licensed, sum(assigned) AS assigned, sum(pledged) AS pledged,
  sum(max(licensed, assigned, pledged)) AS converted, 1.0 * sum(max(licensed, assigned, pledged)) / count(*) AS rate
FROM (
  SELECT purpose, first_day / 10000 AS year,
    EXISTS (
      SELECT 1 FROM deal_asset AS a
      JOIN deal AS d ON d.partition = a.partition AND d.entity = a.entity AND d.type = a.type AND d.basis & :basis
      WHERE a.id = subject AND a.basis & :basis AND d.recorded_on BETWEEN first_day AND :as_of
        AND a.type = 220 -- licence.recorded
    ) OR EXISTS (
      SELECT 1 FROM deal_asset AS a
      JOIN acceptance AS t ON t.partition = a.partition AND t.entity = a.entity AND t.basis & :basis
      WHERE a.id = subject AND a.basis & :basis AND t.day BETWEEN first_day AND :as_of
        AND a.type = 260 -- open_licence.declared
    ) AS licensed,
    EXISTS (
      SELECT 1 FROM deal_asset AS a
      JOIN deal AS d ON d.partition = a.partition AND d.entity = a.entity AND d.type = a.type AND d.basis & :basis
      WHERE a.id = subject AND a.basis & :basis AND d.recorded_on BETWEEN first_day AND :as_of
        AND a.type = 250 AND d.form = 'assignment' -- assignment.recorded
    ) AS assigned,
    EXISTS (
      SELECT 1 FROM pledge_asset AS a
      WHERE a.id = subject AND a.basis & :basis AND a.since BETWEEN first_day AND :as_of
    ) AS pledged
  FROM (
    SELECT e.subject, v.purpose, min(v.since) AS first_day
    FROM valuation AS v
    CROSS JOIN record AS e ON e.topic = 3 AND e.partition = v.partition AND e."offset" = v.entity -- 3: valuations
    WHERE v.since <= :as_of AND v.basis & :basis AND (
      v."right" BETWEEN 1 AND 4 -- a patent's right
      OR EXISTS (
        SELECT 1 FROM record AS p
        JOIN document AS d ON d.partition = p.partition AND d.entity = p."offset" AND d.basis & :basis
        WHERE p.outcome = 1 AND p.topic = 2 AND p.subject = e.subject AND d.day <= :as_of -- 2: patents
      )
    )
    GROUP BY e.subject, v.purpose
  )
)
GROUP BY purpose, year ORDER BY purpose, year
