-- Assets of given candidates, each on the day on which it joins the pool. `patent` is the ordinal of the patent with the id:
-- partition * 2^48 + entity.
SELECT c.partition, c.entity, NULL AS own_partition, c.pledge, c.day, c.pledgors, c.consent, c.waivers, c.debt_to, a.ordinal, a.id, a.class, (
    SELECT min(f.partition << 48 | f."offset") FROM record AS f INDEXED BY record_by_subject
    WHERE f.outcome = 1 AND f.topic = 2 AND f.subject = a.patent
  ) AS patent
FROM candidate AS c
JOIN candidate_asset AS a ON a.partition = c.partition AND a.entity = c.entity AND a.since = c.day
