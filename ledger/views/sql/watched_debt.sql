-- Reasons to watch a pledge in force on a day (:as_of): its debt falls due within 90 days, is overdue, or is in default. The
-- event is the last one of `types` about the pledge, dated up to `event_day`, and with this end of the debt if it is due.
SELECT reason, since, 1 AS topic, pledge AS subject, types, iif(reason = 'defaulted', since, :as_of) AS event_day, pledge,
  NULL AS asset, currency, minor, debt_to
FROM (
  SELECT e.subject AS pledge, s.currency, s.minor, s.debt_to, reason, -- 20: registered, 30: modified, 50: extended
    iif(reason = 'defaulted', ' 60 ', ' 20 30 50 ') AS types, -- 60: defaulted
    CASE reason
      WHEN 'due' THEN max(p.registered_on, CAST(strftime('%Y%m%d', due, '-90 days') AS INTEGER))
      WHEN 'overdue' THEN CAST(strftime('%Y%m%d', due, '+1 day') AS INTEGER)
      ELSE s.defaulted_on END AS since
  FROM (
    SELECT *, printf('%04d-%02d-%02d', debt_to / 10000, debt_to / 100 % 100, debt_to % 100) AS due FROM pledge_state
    WHERE cancelled_on IS NULL AND since <= :as_of AND :as_of < until AND unlikely(basis & :basis)
      AND (defaulted_on IS NOT NULL OR debt_to <= (
        SELECT CAST(strftime('%Y%m%d', printf('%04d-%02d-%02d', :as_of / 10000, :as_of / 100 % 100, :as_of % 100),
          '+90 days') AS INTEGER)
      ))
  ) AS s
  JOIN pledge AS p ON p.partition = s.partition AND p.entity = s.entity AND p.basis & :basis
  JOIN record AS e ON e.outcome = 1 AND e.topic = 1 + 0 * s.partition -- 1: pledges; read from s or a subject
    AND e.partition = s.partition AND e."offset" = s.entity
  JOIN (SELECT 'due' AS reason UNION ALL SELECT 'overdue' UNION ALL SELECT 'defaulted')
    ON (reason = 'due' AND s.debt_to >= :as_of) OR (reason = 'overdue' AND s.debt_to < :as_of)
    OR (reason = 'defaulted' AND s.defaulted_on IS NOT NULL)
)
WHERE since <= :as_of
