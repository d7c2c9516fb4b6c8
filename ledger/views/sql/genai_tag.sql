-- Families tagged `genai`, with the sources of the tag.
SELECT family, max(ipc) AS ipc, max(declared) AS declared, max(model) AS model FROM genai_patent GROUP BY family
