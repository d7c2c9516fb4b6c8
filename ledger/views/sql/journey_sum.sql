-- Assets of the funnel by industry, region and sort of owner: how many reached each stage, and the sum of the days until then.
SELECT industry, region, owner_type, count(*) AS assets,
  count(requested) AS requested, sum(requested - began) AS requested_days,
  count(valued) AS valued, sum(valued - began) AS valued_days,
  count(offered) AS offered, sum(offered - began) AS offered_days,
  count(licensed) AS licensed, sum(licensed - began) AS licensed_days,
  count(assigned) AS assigned, sum(assigned - began) AS assigned_days,
  count(pledged) AS pledged, sum(pledged - began) AS pledged_days,
  count(paid) AS paid, sum(paid - began) AS paid_days,
  count(released) AS released, sum(released - began) AS released_days
FROM (
  SELECT industry, region, owner_type,
    julianday(substr(began_on, 1, 4) || '-' || substr(began_on, 5, 2) || '-' || substr(began_on, 7, 2)) AS began,
    julianday(substr(requested_on, 1, 4) || '-' || substr(requested_on, 5, 2) || '-' || substr(requested_on, 7, 2)) AS requested,
    julianday(substr(valued_on, 1, 4) || '-' || substr(valued_on, 5, 2) || '-' || substr(valued_on, 7, 2)) AS valued,
    julianday(substr(offered_on, 1, 4) || '-' || substr(offered_on, 5, 2) || '-' || substr(offered_on, 7, 2)) AS offered,
    julianday(substr(licensed_on, 1, 4) || '-' || substr(licensed_on, 5, 2) || '-' || substr(licensed_on, 7, 2)) AS licensed,
    julianday(substr(assigned_on, 1, 4) || '-' || substr(assigned_on, 5, 2) || '-' || substr(assigned_on, 7, 2)) AS assigned,
    julianday(substr(pledged_on, 1, 4) || '-' || substr(pledged_on, 5, 2) || '-' || substr(pledged_on, 7, 2)) AS pledged,
    julianday(substr(paid_on, 1, 4) || '-' || substr(paid_on, 5, 2) || '-' || substr(paid_on, 7, 2)) AS paid,
    julianday(substr(released_on, 1, 4) || '-' || substr(released_on, 5, 2) || '-' || substr(released_on, 7, 2)) AS released
  FROM journey
  LIMIT -1 -- compute each day once
)
GROUP BY industry, region, owner_type
