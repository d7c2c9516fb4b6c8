-- Terms of a score for which a document of a patent speaks, by the type of its event.
SELECT 10 AS type, 'remaining_term' AS term -- 10: patent.granted
UNION ALL SELECT 10, 'claims' UNION ALL SELECT 10, 'scope' UNION ALL SELECT 10, 'backward_cites'
UNION ALL SELECT 10, 'family_offices' UNION ALL SELECT 10, 'grant_lag'
UNION ALL SELECT 80, 'remaining_term' UNION ALL SELECT 80, 'family_offices' UNION ALL SELECT 80, 'grant_lag' -- filed
UNION ALL SELECT 90, 'remaining_term' UNION ALL SELECT 90, 'family_offices' UNION ALL SELECT 90, 'grant_lag' -- published
