-- Inventions in force on the day (:as_of), with the criteria of high value in their own region: all.
SELECT * FROM high_value_patent WHERE area = region
