-- Grounds for refusal that candidates break: one row per asset (or none) and ground. `waived` is 1 if the registration
-- says that the parties know and accept it.
SELECT partition, entity, pledge, day, ordinal, id, ground, words
  || iif(on_day IS NULL, '', printf('%04d-%02d-%02d', on_day / 10000, on_day / 100 % 100, on_day % 100))
  || coalesce(more, '')
  || iif(by_day IS NULL, '', printf('%04d-%02d-%02d', by_day / 10000, by_day / 100 % 100, by_day % 100)) AS explanation,
  waivers IS NOT NULL AND EXISTS (SELECT 1 FROM json_each(waivers) WHERE value = 'R' || ground) AS waived
FROM (
  SELECT * FROM life_breach
  UNION ALL
  SELECT * FROM owner_breach
  UNION ALL
  SELECT * FROM double_breach
  UNION ALL
  SELECT * FROM twin_breach
  UNION ALL
  SELECT partition, entity, pledge, day, waivers, NULL, NULL, 7, 'missing: ' || trim(
    iif(undisclosed, ', secured', '') || iif(debt_from IS NULL, ', debt_from', '')
    || iif(debt_to IS NULL, ', debt_to', ''), ', '), NULL, NULL, NULL
  FROM candidate
  WHERE contract AND (undisclosed OR debt_from IS NULL OR debt_to IS NULL)
)
