-- Assets for which a valuation was requested or completed up to a day (:as_of), with the first day of each later stage of their
-- commercialization. Payments belong to a loan's first accepted event, so its later ones are not looked up.
SELECT subject, began_on, requested_on, valued_on, industry, region, owner_type, (
    SELECT min(d.recorded_on) FROM deal_asset AS a
    CROSS JOIN deal AS d ON d.partition = a.partition AND d.entity = a.entity AND d.type = a.type AND d.basis & :basis
    WHERE a.id = v.subject AND a.basis & :basis AND a.type = 260 AND d.recorded_on BETWEEN began_on AND :as_of -- open licence
  ) AS offered_on, (
    SELECT min(day) FROM (
      SELECT d.recorded_on AS day FROM deal_asset AS a
      CROSS JOIN deal AS d ON d.partition = a.partition AND d.entity = a.entity AND d.type = a.type AND d.basis & :basis
      WHERE a.id = v.subject AND a.basis & :basis AND a.type = 220 AND d.recorded_on BETWEEN began_on AND :as_of -- licence
      UNION ALL
      SELECT t.day FROM deal_asset AS a
      CROSS JOIN acceptance AS t ON t.partition = a.partition AND t.entity = a.entity AND t.basis & :basis
      WHERE a.id = v.subject AND a.basis & :basis AND a.type = 260 AND t.day BETWEEN began_on AND :as_of
    )
  ) AS licensed_on, (
    SELECT min(d.recorded_on) FROM deal_asset AS a
    CROSS JOIN deal AS d ON d.partition = a.partition AND d.entity = a.entity AND d.type = a.type AND d.basis & :basis
    WHERE a.id = v.subject AND a.basis & :basis AND a.type = 250 AND d.form = 'assignment' -- assignment
      AND d.recorded_on BETWEEN began_on AND :as_of
  ) AS assigned_on, (
    SELECT min(a.since) FROM pledge_asset AS a
    WHERE a.id = v.subject AND a.basis & :basis AND a.since BETWEEN began_on AND :as_of
  ) AS pledged_on, (
    SELECT min(t.day) FROM pledge_asset AS a
    CROSS JOIN pledge AS p ON p.partition = a.partition AND p.entity = a.entity AND p.basis & :basis
    CROSS JOIN loan_payment AS t ON (t.partition, t.entity) = (
      SELECT partition, "offset" FROM record WHERE outcome = 1 AND topic = 5 AND subject = p.deal_id -- 5: loans
      ORDER BY topic, partition, "offset" LIMIT 1
    ) AND t.basis & :basis
    WHERE a.id = v.subject AND a.basis & :basis AND a.since BETWEEN began_on AND :as_of AND t.type = 290 -- disbursed
      AND t.day BETWEEN a.since AND :as_of
  ) AS paid_on, (
    SELECT min(a.until) FROM pledge_asset AS a
    WHERE a.id = v.subject AND a.basis & :basis AND a.since BETWEEN began_on AND :as_of AND a.until BETWEEN a.since + 1 AND :as_of
  ) AS released_on
FROM journey_asked AS v
LIMIT -1 -- columns read several times: LIMIT keeps SQLite from inlining it
