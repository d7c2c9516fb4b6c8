-- Notes on the patents in :only.
SELECT n.* FROM patent_on_day AS p CROSS JOIN patent_note AS n ON n.partition = p.partition AND n.entity = p.entity
