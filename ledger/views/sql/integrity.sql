-- Findings that occur. A timestamp outside the years 1 to 9999 is shown as the nearest one inside.
SELECT topic, finding, basis, detail, count,
  strftime('%Y-%m-%dT%H:%M:%SZ', min(max(newest, -62135596800000), 253402300799999) / 1000, 'unixepoch') AS newest
FROM finding AS f JOIN constant AS t ON t.family = 'topic' AND t.number = f.topic
WHERE count > 0
ORDER BY t.name, finding, basis DESC, detail -- recorded (1) after corrected (2)
