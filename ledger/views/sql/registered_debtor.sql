-- Registrations of pledges with their debtors, a JSON array: the debtor that the registration names, else its pledgors.
SELECT partition, entity, "offset", registered_on, region, deal_id, coalesce(debtor, pledgors) AS debtors
FROM pledge WHERE basis & :basis
