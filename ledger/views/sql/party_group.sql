-- The group of each controlled party on a day (:as_of): the party without a parent at the end of the chain of its parents.
-- A chain that ends in a circle has no such party: the group is the first member of the circle in order.
WITH RECURSIVE chain (party, above) AS (
  SELECT party, parent FROM party_parent
  UNION
  SELECT c.party, p.parent FROM chain AS c CROSS JOIN party_parent AS p ON p.party = c.above
)
SELECT party, coalesce(
    max(iif(above IN (SELECT party FROM party_parent), NULL, above)),
    min(iif((above, above) IN (SELECT party, above FROM chain), above, NULL))
  ) AS head
FROM chain
GROUP BY party
