-- Residents of a region on a reference day, as last published up to :as_of. The denominator is the latest year-end.
SELECT region, as_of, persons, published_on, publisher,
  as_of IS max(as_of) FILTER (WHERE as_of % 10000 = 1231) OVER (PARTITION BY region) AS denominator
FROM (
  SELECT *, row_number() OVER (PARTITION BY region, as_of ORDER BY published_on DESC, "offset" DESC) AS ordinal
  FROM population WHERE basis & :basis AND published_on <= :as_of AND as_of <= :as_of
)
WHERE ordinal = 1
ORDER BY region, as_of
