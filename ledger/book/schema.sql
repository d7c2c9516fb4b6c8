-- The book. Tables have singular names and hold small integers; views have plural names and hold words: read the views.
-- Every table has a natural key; no content depends on a rowid, an order of arrival or a clock.

-- About this book: identities (book_id, cluster_id, topic_id:*), versions, numbers of partitions, the share of the log.
CREATE TABLE meta (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The constants behind the small integers, written once from the code.
CREATE TABLE constant (
  family TEXT NOT NULL,
  number INTEGER NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (family, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE industry (
  number INTEGER PRIMARY KEY,
  code TEXT NOT NULL,
  name_en TEXT NOT NULL,
  name_zh TEXT NOT NULL
) STRICT;

-- The industry map of the book: the industry of the symbols under a prefix, in the override layer and in the base layer.
CREATE TABLE industry_rule (
  layer TEXT NOT NULL,
  prefix TEXT NOT NULL,
  industry INTEGER NOT NULL,
  valid_from TEXT NOT NULL,
  valid_to TEXT NOT NULL,
  source_ref TEXT NOT NULL,
  PRIMARY KEY (layer, prefix)
) STRICT, WITHOUT ROWID;

CREATE TABLE currency (
  number INTEGER PRIMARY KEY,
  code TEXT NOT NULL,
  decimals INTEGER NOT NULL,
  name TEXT NOT NULL
) STRICT;

-- The next offset of each partition, and the outcome of every offset before. The check is promise P3.
CREATE TABLE position (
  topic INTEGER NOT NULL,
  partition INTEGER NOT NULL,
  first INTEGER NOT NULL,
  next INTEGER NOT NULL,
  accepted INTEGER NOT NULL DEFAULT 0,
  duplicate INTEGER NOT NULL DEFAULT 0,
  conflict INTEGER NOT NULL DEFAULT 0,
  rejected INTEGER NOT NULL DEFAULT 0,
  gap INTEGER NOT NULL DEFAULT 0,
  newest_day INTEGER NOT NULL DEFAULT 0, -- the newest business date of an accepted event that is not in its future
  allowance INTEGER NOT NULL DEFAULT 1048576, -- bytes of refused records that may be kept from here on
  last_offset INTEGER, -- the last posted record, by which the log is recognised
  last_hash BLOB,
  leaves INTEGER NOT NULL DEFAULT 0, -- of the partition's Merkle tree: one for each record
  PRIMARY KEY (topic, partition),
  CHECK (next - first = accepted + duplicate + conflict + rejected + gap AND gap >= 0 AND last_offset < next)
) STRICT, WITHOUT ROWID;

-- One row for each record. `id` is 16 bytes for a UUID, else text; `hash` is the SHA-256 of the value as it came; `facts` is the
-- JSON for the fold of the entity: of accepted events, and of conflicts, to show how they differ; only outcome 1 is folded.
CREATE TABLE record (
  topic INTEGER NOT NULL,
  partition INTEGER NOT NULL,
  "offset" INTEGER NOT NULL,
  outcome INTEGER NOT NULL,
  type INTEGER,
  source TEXT,
  id ANY,
  subject TEXT,
  occurred_on INTEGER,
  timestamp INTEGER NOT NULL,
  hash BLOB NOT NULL,
  facts BLOB,
  PRIMARY KEY (topic, partition, "offset")
) STRICT, WITHOUT ROWID;

-- The one index with random keys: finds known ids, an entity's earlier events, and all events about a subject.
CREATE INDEX record_by_subject ON record (subject) WHERE outcome = 1;

-- The few records that are not accepted, by subject.
CREATE INDEX record_refused ON record (subject) WHERE outcome != 1;

-- Rejected records and conflicts. `offsets` is 1, except for an unreadable record batch: its row covers all its offsets, from
-- `offset` on. `reason` is a code, `arguments` (JSON, sorted by name) are the values in its sentence: readers render the words.
-- `size` is the length of the value as it came. Key, value and headers (JSON) are kept up to a limit; `key_hash` is the
-- SHA-256 of the whole key.
CREATE TABLE rejection (
  topic INTEGER NOT NULL,
  partition INTEGER NOT NULL,
  "offset" INTEGER NOT NULL,
  rule INTEGER NOT NULL,
  offsets INTEGER NOT NULL,
  path TEXT NOT NULL,
  reason TEXT NOT NULL,
  arguments TEXT NOT NULL,
  size INTEGER,
  key BLOB,
  value BLOB,
  headers BLOB,
  key_hash BLOB NOT NULL,
  PRIMARY KEY (topic, partition, "offset")
) STRICT, WITHOUT ROWID;

-- The Merkle tree of a partition (RFC 6962), in tiles of 256 hashes of 32 bytes. Level 0 has a leaf for each row of
-- `record`, in order of offsets; level 1 the roots of full tiles of level 0; and so on. docs/audit-log.md has the leaves.
CREATE TABLE tile (
  topic INTEGER NOT NULL,
  partition INTEGER NOT NULL,
  level INTEGER NOT NULL,
  number INTEGER NOT NULL,
  hashes BLOB NOT NULL,
  PRIMARY KEY (topic, partition, level, number)
) STRICT, WITHOUT ROWID;

-- Signed lines that a record adds to totals. `basis`: 1 recorded, 2 corrected, 3 both. Here and in totals an amount is
-- high * 10^12 + low, 0 <= low < 10^12, so that no sum overflows. The postings of a block of 4096 offsets (`block` is
-- offset / 4096) are together, by kind and day: the lines of some days are a range of each block.
CREATE TABLE posting (
  topic INTEGER NOT NULL,
  partition INTEGER NOT NULL,
  block INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  date INTEGER NOT NULL,
  "offset" INTEGER NOT NULL,
  region TEXT NOT NULL,
  "right" INTEGER NOT NULL,
  industry INTEGER NOT NULL,
  currency INTEGER NOT NULL,
  basis INTEGER NOT NULL,
  events INTEGER NOT NULL,
  with_amount INTEGER NOT NULL,
  high INTEGER NOT NULL,
  low INTEGER NOT NULL,
  PRIMARY KEY (topic, partition, block, kind, date, "offset", region, "right", industry, currency, basis)
) STRICT, WITHOUT ROWID;

-- Rows of zeros are deleted: the indexes `..._of_nothing` find those that a batch leaves, in the same transaction.

-- Sums of postings by year, both bases side by side. The key lets a query for an industry or a region read its rows alone.
CREATE TABLE total (
  kind INTEGER NOT NULL,
  year INTEGER NOT NULL,
  region TEXT NOT NULL,
  "right" INTEGER NOT NULL,
  industry INTEGER NOT NULL,
  currency INTEGER NOT NULL,
  recorded_events INTEGER NOT NULL,
  recorded_with_amount INTEGER NOT NULL,
  recorded_high INTEGER NOT NULL,
  recorded_low INTEGER NOT NULL,
  corrected_events INTEGER NOT NULL,
  corrected_with_amount INTEGER NOT NULL,
  corrected_high INTEGER NOT NULL,
  corrected_low INTEGER NOT NULL,
  PRIMARY KEY (kind, industry, region, "right", currency, year)
) STRICT, WITHOUT ROWID;

CREATE INDEX total_of_nothing ON total (kind)
  WHERE recorded_events = 0 AND recorded_with_amount = 0 AND recorded_high = 0 AND recorded_low = 0
    AND corrected_events = 0 AND corrected_with_amount = 0 AND corrected_high = 0 AND corrected_low = 0;

-- The totals of one partition before every 32768th offset, carried forward: a total at a past position is one of these sums
-- and the postings since.
CREATE TABLE carried (
  topic INTEGER NOT NULL,
  partition INTEGER NOT NULL,
  "offset" INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  industry INTEGER NOT NULL,
  region TEXT NOT NULL,
  "right" INTEGER NOT NULL,
  currency INTEGER NOT NULL,
  year INTEGER NOT NULL,
  recorded_events INTEGER NOT NULL,
  recorded_with_amount INTEGER NOT NULL,
  recorded_high INTEGER NOT NULL,
  recorded_low INTEGER NOT NULL,
  corrected_events INTEGER NOT NULL,
  corrected_with_amount INTEGER NOT NULL,
  corrected_high INTEGER NOT NULL,
  corrected_low INTEGER NOT NULL,
  PRIMARY KEY (topic, partition, "offset", kind, industry, region, "right", currency, year)
) STRICT, WITHOUT ROWID;

-- Totals over all regions and rights, and differences of what is in force, each by month (202305) and by year (2023). The
-- days of a month are in `posting` and `stock`.
CREATE TABLE summary (
  kind INTEGER NOT NULL,
  period INTEGER NOT NULL,
  industry INTEGER NOT NULL,
  currency INTEGER NOT NULL,
  recorded_events INTEGER NOT NULL,
  recorded_with_amount INTEGER NOT NULL,
  recorded_high INTEGER NOT NULL,
  recorded_low INTEGER NOT NULL,
  corrected_events INTEGER NOT NULL,
  corrected_with_amount INTEGER NOT NULL,
  corrected_high INTEGER NOT NULL,
  corrected_low INTEGER NOT NULL,
  PRIMARY KEY (kind, period, industry, currency)
) STRICT, WITHOUT ROWID;

CREATE INDEX summary_of_nothing ON summary (kind)
  WHERE recorded_events = 0 AND recorded_with_amount = 0 AND recorded_high = 0 AND recorded_low = 0
    AND corrected_events = 0 AND corrected_with_amount = 0 AND corrected_high = 0 AND corrected_low = 0;

-- Pledges (kind 101), patents (102) and trademarks (103) in force, as differences by date: the sum of the rows dated up to a
-- day is in force on that day. The key lets a query read the days of a region, or of a month in each region. Debts of pledges
-- that stand after all days (104), and those in default (105), by due date, over all regions and rights; END: no due date.
-- Contracts by payment (10 * kind of total + 1 fixed, 2 royalty, 3 free, 4 mixed) and mergers (130), from the day of record on.
CREATE TABLE stock (
  kind INTEGER NOT NULL,
  region TEXT NOT NULL,
  date INTEGER NOT NULL,
  industry INTEGER NOT NULL,
  "right" INTEGER NOT NULL,
  currency INTEGER NOT NULL,
  recorded_events INTEGER NOT NULL,
  recorded_with_amount INTEGER NOT NULL,
  recorded_high INTEGER NOT NULL,
  recorded_low INTEGER NOT NULL,
  corrected_events INTEGER NOT NULL,
  corrected_with_amount INTEGER NOT NULL,
  corrected_high INTEGER NOT NULL,
  corrected_low INTEGER NOT NULL,
  PRIMARY KEY (kind, region, date, industry, "right", currency)
) STRICT, WITHOUT ROWID;

CREATE INDEX stock_of_nothing ON stock (kind)
  WHERE recorded_events = 0 AND recorded_with_amount = 0 AND recorded_high = 0 AND recorded_low = 0
    AND corrected_events = 0 AND corrected_with_amount = 0 AND corrected_high = 0 AND corrected_low = 0;

-- Originals with a revision: their day on the corrected basis, and the offset of the correction, whose facts are [id of the
-- original, its facts on the corrected basis]. Both are NULL if they are voided.
CREATE TABLE amendment (
  topic INTEGER NOT NULL,
  partition INTEGER NOT NULL,
  "offset" INTEGER NOT NULL,
  occurred_on INTEGER,
  corrected_by INTEGER,
  PRIMARY KEY (topic, partition, "offset")
) STRICT, WITHOUT ROWID;

-- Accepted events without effect on a basis, and why; a later event may give them one.
CREATE TABLE waiting (
  topic INTEGER NOT NULL,
  partition INTEGER NOT NULL,
  "offset" INTEGER NOT NULL,
  basis INTEGER NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (topic, partition, "offset", basis)
) STRICT, WITHOUT ROWID;

