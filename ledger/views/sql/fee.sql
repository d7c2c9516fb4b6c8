-- Annual fees of all patents.
SELECT * FROM patent_fee
