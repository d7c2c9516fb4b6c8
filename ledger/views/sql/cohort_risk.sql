-- Pledges by year of registration, with their state on a day (:as_of): one row per currency of amounts overdue at
-- defaults or paid by realisations.
SELECT year, registered, registered - cancelled AS in_force, cancelled, cancelled_paid, cancelled_refinanced,
  cancelled_realised, cancelled_lapsed, cancelled_other,
  cancelled - cancelled_paid - cancelled_refinanced - cancelled_realised - cancelled_lapsed - cancelled_other
    AS cancelled_unknown,
  ended_without_default, defaulted, realised,
  1.0 * (registered - cancelled) / registered AS in_force_share,
  1.0 * ended_without_default / registered AS ended_without_default_share,
  1.0 * defaulted / registered AS defaulted_share, 1.0 * realised / registered AS realised_share,
  currency, c.decimals, coalesce(with_overdue, 0) AS with_overdue, overdue_high, overdue_low,
  coalesce(with_proceeds, 0) AS with_proceeds, proceeds_high, proceeds_low,
  (proceeds_high * 1000000000000.0 + proceeds_low) / nullif(overdue_high * 1000000000000.0 + overdue_low, 0)
    AS recovery
FROM (
  SELECT p.registered_on / 10000 AS year, count(*) AS registered, count(cancelled_on) AS cancelled,
    count(iif(cancelled_for = 'paid', 1, NULL)) AS cancelled_paid,
    count(iif(cancelled_for = 'refinanced', 1, NULL)) AS cancelled_refinanced,
    count(iif(cancelled_for = 'realised', 1, NULL)) AS cancelled_realised,
    count(iif(cancelled_for = 'lapsed', 1, NULL)) AS cancelled_lapsed,
    count(iif(cancelled_for = 'other', 1, NULL)) AS cancelled_other,
    count(iif(defaulted_on IS NULL AND realised_on IS NULL, cancelled_on, NULL)) AS ended_without_default,
    count(defaulted_on) AS defaulted, count(realised_on) AS realised
  FROM pledge_state AS s
  CROSS JOIN pledge AS p ON p.partition = s.partition AND p.entity = s.entity AND p.basis & :basis
  WHERE s.since <= :as_of AND :as_of < s.until AND s.basis & :basis
  GROUP BY 1
) AS cohort
LEFT JOIN (
  SELECT year, currency, count(overdue) AS with_overdue, count(proceeds) AS with_proceeds,
    sum(overdue / 1000000000000) + sum(overdue % 1000000000000) / 1000000000000 AS overdue_high,
    sum(overdue % 1000000000000) % 1000000000000 AS overdue_low,
    sum(proceeds / 1000000000000) + sum(proceeds % 1000000000000) / 1000000000000 AS proceeds_high,
    sum(proceeds % 1000000000000) % 1000000000000 AS proceeds_low
  FROM (
    SELECT p.registered_on / 10000 AS year, m.currency,
      iif(m.type = 60, m.minor, NULL) AS overdue, -- 60: pledge.defaulted
      iif(m.type = 70, m.minor, NULL) AS proceeds -- 70: pledge.realised
    FROM pledge_payment AS m
    CROSS JOIN pledge AS p ON p.partition = m.partition AND p.entity = m.entity AND p.basis & :basis
    WHERE m.day <= :as_of AND p.registered_on <= :as_of AND m.minor IS NOT NULL AND m.basis & :basis
  )
  GROUP BY year, currency
) AS paid USING (year)
LEFT JOIN currency AS c ON c.number = currency
ORDER BY year, c.code
