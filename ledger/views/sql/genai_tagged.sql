-- Patents tagged `genai`, with the sources of the tag. `family` identifies families; a patent without one is a family of its own.
SELECT partition, entity, by_ipc AS ipc, by_declared AS declared, by_model AS model, family_id, published_on, countries,
  coalesce('F' || family_id, partition || ' ' || entity) AS family
FROM genai_patent WHERE basis & :basis
