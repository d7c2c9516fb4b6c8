-- Assets of given candidates, each on the day on which it joins the pool.
SELECT c.partition, c.entity, c.pledge, c.day, c.pledgors, c.consent, c.waivers, c.debt_to, a.place, a.id, a.class, a.patent
FROM candidate AS c
JOIN candidate_asset AS a ON a.partition = c.partition AND a.entity = c.entity AND a.since = c.day
