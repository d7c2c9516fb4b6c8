-- The grounds for refusal that pledges of the book break: by registrations, and by assets on the day they join.
SELECT pledge, (
    SELECT p.registered_on FROM pledge AS p
    WHERE p.partition = b.partition AND p.entity = b.entity AND p.basis & :basis
  ) AS registered_on, day AS judged_on, id AS asset, 'R' || ground AS rule, explanation, waived
FROM breach AS b
ORDER BY day, pledge, ground, ordinal
