-- Assets of all deals.
SELECT * FROM deal_asset
