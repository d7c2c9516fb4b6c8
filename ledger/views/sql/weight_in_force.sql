-- Sets of weights in force on the day (:as_of), and the ledger's own, in which legal, technical and economic terms weigh a
-- third each. Of several of one name the latest first day counts, then the last in the log. An event may replace ours.
SELECT *, remaining_term + claims + survived AS legal_weight,
  scope + backward_cites + forward_cites + family_offices + grant_lag + generality AS technical_weight,
  renewals + priced_deals + award AS economic_weight
FROM (
  SELECT name, purpose, publisher, document, since, valid_to, partition, "offset", remaining_term, claims, survived, scope,
    backward_cites, forward_cites, family_offices, grant_lag, generality, renewals, priced_deals, award
  FROM (
    SELECT w.*, row_number() OVER (PARTITION BY name ORDER BY since DESC, "offset" DESC) AS ordinal
    FROM weight_set AS w
    WHERE since <= :as_of AND :as_of < until AND basis & :basis
  )
  WHERE ordinal = 1
  UNION ALL
  SELECT 'ipl-equal-2', 'order of patents in force', 'ip-ledger', 'docs/views.md', NULL, NULL, NULL, NULL,
    5, 5, 5, 3, 3, 3, 3, 3, 0, 5, 5, 5
  WHERE NOT EXISTS (
    SELECT 1 FROM weight_set
    WHERE name = 'ipl-equal-2' AND since <= :as_of AND :as_of < until AND basis & :basis
  )
)
LIMIT -1 -- columns read several times: LIMIT keeps SQLite from inlining it
