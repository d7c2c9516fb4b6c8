-- Records and offsets in no figure, or in another figure than at first, by topic, finding, basis and detail. `newest`
-- is the timestamp of the newest such record.
SELECT topic, 'not in the book' AS finding, NULL AS basis, NULL AS detail, sum(first) AS count, NULL AS newest
FROM position GROUP BY topic
UNION ALL
SELECT topic, 'gap', NULL, NULL, sum(gap), NULL FROM position GROUP BY topic
UNION ALL
SELECT topic, iif(outcome = 2, 'duplicate', 'restatement'), NULL, NULL, count(*), max(timestamp) -- 2: duplicate
FROM record WHERE outcome = 2 OR outcome = 1 AND type % 10 != 0 GROUP BY topic, outcome
UNION ALL
SELECT x.topic, (SELECT name FROM constant WHERE family = 'outcome' AND number = r.outcome), NULL,
  (SELECT name FROM constant WHERE family = 'rule' AND number = x.rule), sum(offsets), max(timestamp)
FROM rejection AS x
CROSS JOIN record AS r ON r.topic = x.topic AND r.partition = x.partition AND r."offset" = x."offset"
GROUP BY x.topic, r.outcome, x.rule
UNION ALL
SELECT w.topic, 'unmatched', w.basis, w.reason, count(*), max(timestamp)
FROM waiting AS w
CROSS JOIN record AS r ON r.topic = w.topic AND r.partition = w.partition AND r."offset" = w."offset"
GROUP BY w.topic, w.basis, w.reason
UNION ALL
SELECT topic, iif(corrected_by IS NULL, 'voided', 'corrected'), NULL, NULL, count(*), NULL
FROM amendment GROUP BY topic, corrected_by IS NULL
