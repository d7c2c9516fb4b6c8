-- The areas in which an invention of a region ('': not given) counts, with their parameters.
SELECT r.region, h.* FROM granted_area AS r CROSS JOIN high_value_parameter AS h ON h.area = r.area
LIMIT -1 -- read for each invention: LIMIT keeps SQLite from inlining it
