-- The owners of a pledged patent on the day judged: the assignees of the last assignment, merger or change of
-- name (type 250), else the assignees printed on the grant (type 10), else its applicants. Assignments are in several
-- partitions without a common order, so their business dates decide.
SELECT a.partition, a.entity, a.pledge, a.day, a.waivers, a.pledgors, a.consent, a.ordinal, a.id, coalesce(
  (
    SELECT d.assignees
    FROM deal_asset AS x
    CROSS JOIN deal AS d ON d.partition = x.partition AND d.entity = x.entity AND d.basis & :basis AND d.type = 250
    WHERE x.id = a.id AND x.type = 250 AND x."right" <= 4 AND x.basis & :basis
      AND d.recorded_on <= a.day AND d.form IN ('assignment', 'merger', 'change_of_name')
    ORDER BY d.recorded_on DESC, coalesce(d.executed_on, d.recorded_on) DESC, d.partition DESC, d."offset" DESC LIMIT 1
  ),
  (
    SELECT coalesce(nullif(g.assignees, '[]'), g.applicants)
    FROM document AS g
    WHERE g.partition = a.patent >> 48 AND g.entity = a.patent & 281474976710655 AND g.basis & :basis AND g.type = 10
      AND g.day <= a.day
  )
) AS owners
FROM judged_asset AS a
WHERE a.class = 4
