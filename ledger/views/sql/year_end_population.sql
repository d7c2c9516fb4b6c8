-- The population of each region at the latest year-end published up to the day (:as_of). Of several publications, the
-- last by date counts, then the last in the log.
SELECT region, persons, as_of, published_on, publisher,
  max(printf('%08d%08d%019d', as_of, published_on, "offset")) AS standing
FROM population
WHERE basis & :basis AND published_on <= :as_of AND as_of <= :as_of AND as_of % 10000 = 1231
GROUP BY region
