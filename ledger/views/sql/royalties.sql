-- Quartiles of the running royalties agreed in the three years up to a day (:as_of), by kind, industry and base. A
-- contract counts once in each industry of its assets.
SELECT kind, industry, base, contracts,
  max(iif(ordinal = (contracts + 3) / 4, royalty_bp, NULL)) AS lower_quartile_bp,
  sum(iif(ordinal IN ((contracts + 1) / 2, contracts / 2 + 1), royalty_bp, 0)) / (2 - contracts % 2) AS median_bp,
  max(iif(ordinal = (3 * contracts + 3) / 4, royalty_bp, NULL)) AS upper_quartile_bp
FROM (
  SELECT *, row_number() OVER (PARTITION BY kind, industry, base ORDER BY royalty_bp) AS ordinal,
    count(*) OVER (PARTITION BY kind, industry, base) AS contracts
  FROM (
    SELECT iif(d.type = 220, 12, 14) AS kind, a.industry, d.royalty_base AS base, d.royalty_bp -- licences, open licences
    FROM deal AS d
    CROSS JOIN (
      SELECT DISTINCT partition, entity, basis, type, industry FROM deal_asset WHERE type IN (220, 260)
    ) AS a ON a.partition = d.partition AND a.entity = d.entity AND a.basis = d.basis AND a.type = d.type
    WHERE d.royalty_bp IS NOT NULL AND d.type IN (220, 260) AND d.since <= :as_of AND :as_of < d.until
      AND d.basis & :basis AND d.recorded_on > :as_of - 30000
  )
)
GROUP BY kind, industry, base
ORDER BY kind, industry, base
