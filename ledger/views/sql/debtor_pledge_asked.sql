-- Registrations of pledges that can have one of the debtors asked for: as the only debtor, or with others.
SELECT p.* FROM (
  SELECT partition, entity FROM pledge
  WHERE coalesce(debtor, pledgors) IS NOT NULL AND iif(debtor IS NULL AND json_array_length(pledgors) > 1, '',
      coalesce(json_extract(coalesce(debtor, pledgors), '$[0].id'), json_extract(coalesce(debtor, pledgors), '$[0].name')))
    IN (SELECT debtor FROM debtor_asked UNION ALL SELECT '')
  GROUP BY partition, entity
) AS k CROSS JOIN registered_debtor AS p ON p.partition = k.partition AND p.entity = k.entity
