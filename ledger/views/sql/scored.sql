-- Patents to score: all that are in force on the day (:as_of), with the days of their term (NULL: unknown) and those that
-- are left. The term of a US design counts from its grant. Days are counted as banks do: a month has 30, a year 360.
SELECT *, nullif(max(ends - begins, 0), 0) AS term_days, min(ends - today, max(ends - begins, 0)) AS left_days
FROM (
  SELECT *, term_end / 10000 * 360 + term_end / 100 % 100 * 30 + term_end % 100 AS ends,
    first_day / 10000 * 360 + first_day / 100 % 100 * 30 + first_day % 100 AS begins,
    :as_of / 10000 * 360 + :as_of / 100 % 100 * 30 + :as_of % 100 AS today
  FROM (
    SELECT *, iif(office = 'US' AND "right" = 3, granted_on, filed_on) AS first_day -- 3: designs
    FROM scored_input
  )
)
