-- Inventions as in high_value_own, of which few are asked for: the criteria are computed once (LIMIT), not at each use.
SELECT * FROM high_value_patent WHERE area = region
LIMIT -1
