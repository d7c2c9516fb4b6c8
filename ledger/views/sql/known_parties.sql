-- Events that name their parties, by kind of event, role and year.
SELECT event, role, year, count(*) AS events, sum(coalesce(json_array_length(parties), 0) > 0) AS named,
  1.0 * sum(coalesce(json_array_length(parties), 0) > 0) / count(*) AS coverage
FROM (
  SELECT 'pledges' AS event, 'pledgors' AS role, registered_on / 10000 AS year, pledgors AS parties
  FROM pledge WHERE basis & :basis
  UNION ALL
  SELECT 'pledges', 'pledgees', registered_on / 10000, pledgees FROM pledge WHERE basis & :basis
  UNION ALL
  SELECT 'assignments', 'assignees', recorded_on / 10000, assignees
  FROM deal WHERE type = 250 AND basis & :basis AND since = recorded_on -- 250: assignment; its first row
  UNION ALL
  SELECT 'grants', 'applicants', day / 10000, applicants FROM document WHERE partition >= 0 AND type = 10 AND basis & :basis
  UNION ALL
  SELECT 'grants', 'assignees', day / 10000, assignees FROM document WHERE partition >= 0 AND type = 10 AND basis & :basis
)
GROUP BY event, role, year
ORDER BY event, role, year
