-- Patents that are open for a licence on a day (:as_of).
SELECT o.offer, o.id AS patent, json_extract(o.facts, '$.patentees[0].name') AS patentee, o.recorded_on AS declared_on, o.region,
  o.fee, o.currency, c.decimals, o.minor / 1000000000000 AS amount_high, o.minor % 1000000000000 AS amount_low, o.royalty_bp,
  4 AS topic, o.partition, o."offset" -- 4: deals
FROM open_offer AS o
LEFT JOIN currency AS c ON c.number = o.currency
ORDER BY offer, patent, o.partition, o."offset"
