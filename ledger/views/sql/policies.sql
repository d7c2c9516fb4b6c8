-- Parameters in force on a day (:as_of). Of several from one issuer for one region and right, the last in the log
-- counts.
SELECT policy, issuer, region, "right", value, currency, anchor, since AS valid_from, valid_to
FROM (
  SELECT policy, issuer, region, "right", value, currency, anchor, since, valid_to, max("offset")
  FROM policy WHERE basis & :basis AND since <= :as_of AND :as_of < until GROUP BY 1, 2, 3, 4
)
ORDER BY policy, issuer, region, "right"
