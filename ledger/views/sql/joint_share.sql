-- Grants of several applicants with the countries of these, and the parts of each: see granted_share.
SELECT g.day / 10000 AS year, json_extract(a.value, '$.country') AS land, g.office, g."right", g.industry, 1 AS patents,
  sum(720720 / n + (a.key < 720720 % n)) AS parts
FROM joint_grant AS g CROSS JOIN json_each(g.applicants) AS a
GROUP BY g.partition, g.entity, land
