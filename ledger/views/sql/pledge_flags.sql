-- The grounds for refusal that registrations of the book break.
SELECT pledge, day AS registered_on, id AS asset, 'R' || ground AS rule, explanation, waived
FROM breach
ORDER BY day, pledge, ground, place
