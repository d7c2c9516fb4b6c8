-- Notes on all patents.
SELECT * FROM patent_note
