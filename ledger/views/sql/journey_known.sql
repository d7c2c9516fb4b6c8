-- Entities of valuations: all.
SELECT * FROM journey_first
