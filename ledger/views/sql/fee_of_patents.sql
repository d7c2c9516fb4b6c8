-- Annual fees of the patents in :only.
SELECT f.* FROM patent_on_day AS p CROSS JOIN patent_fee AS f ON f.partition = p.partition AND f.entity = p.entity
