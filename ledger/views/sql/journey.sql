-- Assets for which a valuation was requested or completed up to a day (:as_of), with the first day of each later stage of their
-- commercialization. `deals` and `pledges` are JSON arrays of such days, so that an asset's deals and pledges are read once each.
-- Payments belong to a loan's first accepted event, so its later ones are not looked up.
SELECT subject, began_on, requested_on, valued_on, industry, region, owner_type,
  deals ->> 0 AS offered_on, deals ->> 1 AS licensed_on, deals ->> 2 AS assigned_on,
  pledges ->> 0 AS pledged_on, pledges ->> 1 AS released_on, iif(pledges IS NULL, NULL, (
    SELECT min(t.day) FROM pledge_asset AS a
    CROSS JOIN pledge AS p ON p.partition = a.partition AND p.entity = a.entity AND p.basis & :basis
    CROSS JOIN loan_payment AS t ON (t.partition, t.entity) = (
      SELECT partition, "offset" FROM record WHERE outcome = 1 AND topic = 5 AND subject = p.deal_id -- 5: loans
      ORDER BY topic, partition, "offset" LIMIT 1
    ) AND t.basis & :basis
    WHERE a.id = v.subject AND a.basis & :basis AND a.since BETWEEN began_on AND :as_of AND t.type = 290 -- disbursed
      AND t.day BETWEEN a.since AND :as_of
  )) AS paid_on
FROM (
  SELECT v.*, (
      -- 260: open licence; licensed: a licence (220), or an acceptance of an open one; 250: assignment
      SELECT json_array(
          min(iif(a.type = 260 AND d.recorded_on BETWEEN began_on AND :as_of, d.recorded_on, NULL)),
          min(CASE a.type WHEN 220 THEN iif(d.recorded_on BETWEEN began_on AND :as_of, d.recorded_on, NULL)
            WHEN 260 THEN iif(t.day BETWEEN began_on AND :as_of, t.day, NULL) END),
          min(iif(a.type = 250 AND d.form = 'assignment' AND d.recorded_on BETWEEN began_on AND :as_of, d.recorded_on, NULL))
        )
      FROM deal_asset AS a
      CROSS JOIN deal AS d ON d.partition = a.partition AND d.entity = a.entity AND d.type = a.type AND d.basis & :basis
      LEFT JOIN acceptance AS t ON a.type = 260 AND t.partition = a.partition AND t.entity = a.entity AND t.basis & :basis
      WHERE a.id = v.subject AND a.basis & :basis
      HAVING count(*) > 0
    ) AS deals, (
      SELECT json_array(min(a.since), min(iif(a.until BETWEEN a.since + 1 AND :as_of, a.until, NULL)))
      FROM pledge_asset AS a
      WHERE a.id = v.subject AND a.basis & :basis AND a.since BETWEEN began_on AND :as_of
      HAVING count(*) > 0
    ) AS pledges
  FROM journey_asked AS v
  LIMIT -1 -- columns read several times: LIMIT keeps SQLite from inlining them
) AS v
LIMIT -1
