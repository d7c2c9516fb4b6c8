-- The pledges of the book that given changes add assets to, as they are on the day of the change.
SELECT json_extract(value, '$.number') AS number, s.debt_to, p.pledgors, p.consent, p.waivers
FROM json_each(:candidates)
CROSS JOIN record AS e ON e.outcome = 1 AND e.subject = json_extract(value, '$.subject') AND e.topic = 1 -- 1: pledges
CROSS JOIN pledge AS p ON p.partition = e.partition AND p.entity = e."offset" AND p.basis & :basis
CROSS JOIN pledge_state AS s ON s.partition = p.partition AND s.entity = p.entity AND s.basis & :basis
  AND s.since <= max(json_extract(value, '$.facts.occurred_on'), p.registered_on)
  AND max(json_extract(value, '$.facts.occurred_on'), p.registered_on) < s.until
