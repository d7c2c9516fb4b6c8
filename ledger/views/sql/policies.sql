-- Parameters in force on a day (:as_of). Of several from one issuer for one region, right and currency, the latest first
-- day counts, then the last in the log, as in policy_in_force.sql.
SELECT policy, issuer, region, "right", value, currency, anchor, since AS valid_from, valid_to
FROM (
  SELECT policy, issuer, region, "right", currency, value, anchor, since, valid_to,
    max(printf('%08d%019d', since, "offset"))
  FROM policy WHERE basis & :basis AND since <= :as_of AND :as_of < until GROUP BY 1, 2, 3, 4, 5
)
ORDER BY policy, issuer, region, "right", currency
