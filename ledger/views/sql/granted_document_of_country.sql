-- Grants of patents (type 10) that can have an applicant in a country (:only): its code is in the text. Searching it is cheaper
-- than parsing it; several countries are not worth it.
SELECT * FROM document
WHERE type = 10 AND basis & :basis
  AND (json_array_length(:only) > 1 OR instr(applicants, json_quote(json_extract(:only, '$[0]'))))
