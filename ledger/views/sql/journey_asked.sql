-- Assets of the funnel: all.
SELECT * FROM journey_begun
