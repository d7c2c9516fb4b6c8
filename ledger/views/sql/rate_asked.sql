-- The exchange rates needed for the valuations that count on a day (:as_of): currencies and days.
SELECT c.code AS sold, target AS bought, v.as_of AS day
FROM valuation_on_day AS v
CROSS JOIN currency AS c ON c.number = v.currency
CROSS JOIN (SELECT 'CNY' AS target UNION ALL SELECT 'USD') ON target != c.code
GROUP BY c.code, target, v.as_of
