-- Pledges that an unmatched cancellation (type 40) or release of a part (type 30) may be about, if it names the released
-- assets and the releasing parties: each is in force on that day, has all these assets in its pool, and one of its pledgees is a
-- releasing party.
SELECT c.release, c.day AS released_on, c.partial, c.assets, e.subject AS pledge, c.registered_on, c.pool, c.lender,
  (
    SELECT count(*) FROM release_candidate AS k
    WHERE k.partition = c.partition AND k."offset" = c."offset" AND k.lender IS NOT NULL
  ) AS candidates,
  c.currency, u.decimals, c.minor / 1000000000000 AS secured_high, c.minor % 1000000000000 AS secured_low
FROM release_candidate AS c
JOIN record AS e ON e.outcome = 1 AND e.topic = 1 AND e.partition = c.pledged_in AND e."offset" = c.entity
LEFT JOIN currency AS u ON u.number = c.currency
WHERE c.lender IS NOT NULL
ORDER BY c.day, c.release, c.registered_on, e.subject
