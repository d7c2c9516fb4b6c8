-- Totals of pledges registered (kind 2), by year.
SELECT * FROM total WHERE kind = 2
