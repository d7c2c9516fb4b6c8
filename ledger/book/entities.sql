-- The state of each entity, as the fold computes it (ledger/posting/rows.py). A row belongs to the entity whose first
-- accepted event is at (partition, entity) of the table's topic, and counts on a basis: 1 recorded, 2 corrected, 3 both. A
-- row with `since` and `until` holds on the days since <= day < until. Days are YYYYMMDD, money is in minor units beside the
-- ISO 4217 number of its currency. Parties, countries, symbols and ids are JSON arrays. NULL means that no event gives a value.

-- A pledge as it is registered. `debtor` is NULL unless the registration names one.
CREATE TABLE pledge (
  partition INTEGER NOT NULL,
  entity INTEGER NOT NULL,
  basis INTEGER NOT NULL,
  "offset" INTEGER NOT NULL,
  registered_on INTEGER NOT NULL,
  region TEXT,
  registration_no TEXT NOT NULL,
  deal_id TEXT,
  amount_status TEXT NOT NULL,
  "right" INTEGER NOT NULL,
  currency INTEGER,
  minor INTEGER,
  debt_from INTEGER,
  debt_to INTEGER,
  pledgors TEXT,
  pledgees TEXT,
  debtor TEXT,
  consent INTEGER,
  waivers TEXT,
  PRIMARY KEY (partition, entity, basis)
) STRICT, WITHOUT ROWID;

-- A pledge between two days. `pledgees` is NULL as long as they are those of the registration. `inferred_by` is the rule by
-- which somebody found that a cancellation is about this pledge, NULL where the register says so.
CREATE TABLE pledge_state (
  partition INTEGER NOT NULL,
  entity INTEGER NOT NULL,
  basis INTEGER NOT NULL,
  since INTEGER NOT NULL,
  until INTEGER NOT NULL,
  currency INTEGER,
  minor INTEGER,
  debt_to INTEGER,
  pledgees TEXT,
  cancelled_on INTEGER,
  cancelled_for TEXT,
  defaulted_on INTEGER,
  realised_on INTEGER,
  inferred_by TEXT,
  PRIMARY KEY (partition, entity, basis, since)
) STRICT, WITHOUT ROWID;

-- An asset in a pool, from the day it joins to the day it is released. `ordinal` numbers the assets in log order. An asset
-- that is never in the pool has one row that begins and ends on the day of registration.
CREATE TABLE pledge_asset (
  partition INTEGER NOT NULL,
  entity INTEGER NOT NULL,
  basis INTEGER NOT NULL,
  ordinal INTEGER NOT NULL,
  since INTEGER NOT NULL,
  until INTEGER NOT NULL,
  id TEXT NOT NULL,
  "right" INTEGER NOT NULL,
  industry INTEGER NOT NULL,
  currency INTEGER,
  appraised INTEGER,
  PRIMARY KEY (partition, entity, basis, ordinal, since)
) STRICT, WITHOUT ROWID;

-- A default or a realisation, with the amount overdue or realised.
CREATE TABLE pledge_payment (
  partition INTEGER NOT NULL,
  entity INTEGER NOT NULL,
  basis INTEGER NOT NULL,
  "offset" INTEGER NOT NULL,
  type INTEGER NOT NULL,
  day INTEGER NOT NULL,
  currency INTEGER,
  minor INTEGER,
  PRIMARY KEY (partition, entity, basis, "offset")
) STRICT, WITHOUT ROWID;

-- An alert about a pledge: a reason that holds from a day on, and the place of the event behind it.
CREATE TABLE alert (
  partition INTEGER NOT NULL,
  entity INTEGER NOT NULL,
  basis INTEGER NOT NULL,
  "offset" INTEGER NOT NULL,
  alerted_on INTEGER NOT NULL,
  reason TEXT NOT NULL,
  holds_from INTEGER NOT NULL,
  asset TEXT,
  cause TEXT,
  PRIMARY KEY (partition, entity, basis, "offset")
) STRICT, WITHOUT ROWID;

-- An acknowledgement of an alert, by its id.
CREATE TABLE acknowledgement (
  partition INTEGER NOT NULL,
  entity INTEGER NOT NULL,
  basis INTEGER NOT NULL,
  "offset" INTEGER NOT NULL,
  day INTEGER NOT NULL,
  alert TEXT NOT NULL,
  acknowledged_by TEXT NOT NULL,
  PRIMARY KEY (partition, entity, basis, "offset")
) STRICT, WITHOUT ROWID;

-- A patent's filing, publication or grant, with its bibliography. `ipc` has its symbols, each once; `country` is that
-- of the only applicant, '' if there are several; `cited` is the number of patents that it cites.
CREATE TABLE document (
  partition INTEGER NOT NULL,
  entity INTEGER NOT NULL,
  basis INTEGER NOT NULL,
  type INTEGER NOT NULL,
  "offset" INTEGER NOT NULL,
  day INTEGER NOT NULL,
  office TEXT NOT NULL,
  region TEXT,
  "right" INTEGER NOT NULL,
  industry INTEGER NOT NULL,
  filed_on INTEGER,
  family_id TEXT,
  ipc TEXT,
  scope INTEGER NOT NULL,
  claims INTEGER,
  applicants TEXT,
  country TEXT,
  assignees TEXT,
  inventor_countries TEXT,
  cited INTEGER,
  owner_type TEXT,
  PRIMARY KEY (partition, entity, basis, type)
) STRICT, WITHOUT ROWID;

-- A patent (`id`) that a grant cites, on the day of the grant. The key finds the grants that cite a patent.
CREATE TABLE citation (
  partition INTEGER NOT NULL,
  entity INTEGER NOT NULL,
  basis INTEGER NOT NULL,
  id TEXT NOT NULL,
  PRIMARY KEY (id, partition, entity, basis)
) STRICT, WITHOUT ROWID;

-- A granted patent (`subject`) between two days. `term_end` is the first day after its term; `disclaimed` is 1 if a terminal
-- disclaimer may end it earlier. `ended_on` is the first day of a cessation or full invalidation.
CREATE TABLE patent (
  partition INTEGER NOT NULL,
  entity INTEGER NOT NULL,
  basis INTEGER NOT NULL,
  since INTEGER NOT NULL,
  until INTEGER NOT NULL,
  subject TEXT NOT NULL,
  office TEXT NOT NULL,
  region TEXT,
  "right" INTEGER NOT NULL,
  industry INTEGER NOT NULL,
  family_id TEXT,
  filed_on INTEGER,
  granted_on INTEGER NOT NULL,
  term_end INTEGER,
  disclaimed INTEGER NOT NULL,
  ended_on INTEGER,
  invalid_on INTEGER,
  preserved_on INTEGER,
  challenged_on INTEGER,
  PRIMARY KEY (partition, entity, basis, since)
) STRICT, WITHOUT ROWID;

-- An annual fee: the last payment in the log for a year of the patent's life.
CREATE TABLE patent_fee (
  partition INTEGER NOT NULL,
  entity INTEGER NOT NULL,
  basis INTEGER NOT NULL,
  fee_year INTEGER NOT NULL,
  since INTEGER NOT NULL,
  until INTEGER NOT NULL,
  "offset" INTEGER NOT NULL,
  currency INTEGER,
  minor INTEGER,
  PRIMARY KEY (partition, entity, basis, fee_year, since)
) STRICT, WITHOUT ROWID;

-- A dated note on a patent. `what` is `tag` (with its source), `award`, or `survived` (a challenge).
CREATE TABLE patent_note (
  partition INTEGER NOT NULL,
  entity INTEGER NOT NULL,
  basis INTEGER NOT NULL,
  "offset" INTEGER NOT NULL,
  ordinal INTEGER NOT NULL,
  day INTEGER NOT NULL,
  what TEXT NOT NULL,
  name TEXT NOT NULL,
  source TEXT,
  PRIMARY KEY (partition, entity, basis, "offset", ordinal)
) STRICT, WITHOUT ROWID;

-- A patent tagged `genai`, and by which sources (0 or 1). `family_id` is that of its last document in the log that gives one,
-- `published_on` the day of its first publication or grant. `countries` are those of its inventors, each once.
CREATE TABLE genai_patent (
  partition INTEGER NOT NULL,
  entity INTEGER NOT NULL,
  basis INTEGER NOT NULL,
  by_ipc INTEGER NOT NULL,
  by_declared INTEGER NOT NULL,
  by_model INTEGER NOT NULL,
  family_id TEXT,
  published_on INTEGER,
  countries TEXT,
  PRIMARY KEY (partition, entity, basis)
) STRICT, WITHOUT ROWID;

-- An answer that a model read in a text of a patent. `quote_at` counts the characters of the text before the quote.
CREATE TABLE patent_reading (
  partition INTEGER NOT NULL,
  entity INTEGER NOT NULL,
  basis INTEGER NOT NULL,
  "offset" INTEGER NOT NULL,
  day INTEGER NOT NULL,
  question TEXT NOT NULL,
  answer TEXT NOT NULL,
  quote TEXT,
  quote_at INTEGER,
  part TEXT NOT NULL,
  text_hash TEXT NOT NULL,
  prompt_hash TEXT NOT NULL,
  model_id TEXT NOT NULL,
  model_version TEXT NOT NULL,
  PRIMARY KEY (partition, entity, basis, "offset")
) STRICT, WITHOUT ROWID;

-- A trademark between two days; `filing_office` and `filing_region` are those of its application.
CREATE TABLE trademark (
  partition INTEGER NOT NULL,
  entity INTEGER NOT NULL,
  basis INTEGER NOT NULL,
  since INTEGER NOT NULL,
  until INTEGER NOT NULL,
  filed_on INTEGER,
  filing_office TEXT,
  filing_region TEXT,
  registered_on INTEGER,
  office TEXT,
  region TEXT,
  valid_to INTEGER,
  ceased_on INTEGER,
  PRIMARY KEY (partition, entity, basis, since)
) STRICT, WITHOUT ROWID;

-- An international application. `region` is its origin.
CREATE TABLE pct_filing (
  partition INTEGER NOT NULL,
  entity INTEGER NOT NULL,
  basis INTEGER NOT NULL,
  filed_on INTEGER NOT NULL,
  region TEXT,
  office TEXT NOT NULL,
  PRIMARY KEY (partition, entity, basis)
) STRICT, WITHOUT ROWID;

-- A licence, an assignment or an open licence (by `type`), between two days. The amount is the fixed fee, or the price.
-- `first_minor` is the amount as first recorded.
CREATE TABLE deal (
  partition INTEGER NOT NULL,
  entity INTEGER NOT NULL,
  basis INTEGER NOT NULL,
  type INTEGER NOT NULL,
  since INTEGER NOT NULL,
  until INTEGER NOT NULL,
  "offset" INTEGER NOT NULL,
  recorded_on INTEGER NOT NULL,
  region TEXT,
  form TEXT,
  fee TEXT,
  currency INTEGER,
  minor INTEGER,
  first_currency INTEGER,
  first_minor INTEGER,
  royalty_bp INTEGER,
  royalty_base TEXT,
  term_to INTEGER,
  ended_on INTEGER,
  executed_on INTEGER,
  assignees TEXT,
  PRIMARY KEY (partition, entity, basis, type, since)
) STRICT, WITHOUT ROWID;

-- An asset of a deal.
CREATE TABLE deal_asset (
  partition INTEGER NOT NULL,
  entity INTEGER NOT NULL,
  basis INTEGER NOT NULL,
  type INTEGER NOT NULL,
  ordinal INTEGER NOT NULL,
  id TEXT NOT NULL,
  "right" INTEGER NOT NULL,
  industry INTEGER NOT NULL,
  currency INTEGER,
  appraised INTEGER,
  PRIMARY KEY (partition, entity, basis, type, ordinal)
) STRICT, WITHOUT ROWID;

-- An acceptance of an open licence.
CREATE TABLE acceptance (
  partition INTEGER NOT NULL,
  entity INTEGER NOT NULL,
  basis INTEGER NOT NULL,
  "offset" INTEGER NOT NULL,
  day INTEGER NOT NULL,
  currency INTEGER,
  minor INTEGER,
  PRIMARY KEY (partition, entity, basis, "offset")
) STRICT, WITHOUT ROWID;

-- A need: what somebody looks for, in words and subject codes. `valid_to` is its last day.
CREATE TABLE need (
  partition INTEGER NOT NULL,
  entity INTEGER NOT NULL,
  basis INTEGER NOT NULL,
  "offset" INTEGER NOT NULL,
  published_on INTEGER NOT NULL,
  region TEXT,
  text TEXT NOT NULL,
  codes TEXT,
  seeker TEXT,
  valid_to INTEGER,
  PRIMARY KEY (partition, entity, basis)
) STRICT, WITHOUT ROWID;

-- The sums of a loan's payments in one currency, on the days between `since` and `until`. Each sum is high * 10^12 + low.
CREATE TABLE loan (
  partition INTEGER NOT NULL,
  entity INTEGER NOT NULL,
  basis INTEGER NOT NULL,
  currency INTEGER NOT NULL,
  since INTEGER NOT NULL,
  until INTEGER NOT NULL,
  region TEXT,
  disbursed_on INTEGER,
  disbursed_high INTEGER NOT NULL,
  disbursed_low INTEGER NOT NULL,
  repaid_high INTEGER NOT NULL,
  repaid_low INTEGER NOT NULL,
  compensated_high INTEGER NOT NULL,
  compensated_low INTEGER NOT NULL,
  rate_bp INTEGER,
  due_on INTEGER,
  PRIMARY KEY (partition, entity, basis, currency, since)
) STRICT, WITHOUT ROWID;

-- One payment on a loan. `borrower` is whom a disbursement names.
CREATE TABLE loan_payment (
  partition INTEGER NOT NULL,
  entity INTEGER NOT NULL,
  basis INTEGER NOT NULL,
  "offset" INTEGER NOT NULL,
  type INTEGER NOT NULL,
  day INTEGER NOT NULL,
  currency INTEGER NOT NULL,
  minor INTEGER NOT NULL,
  borrower TEXT,
  PRIMARY KEY (partition, entity, basis, "offset")
) STRICT, WITHOUT ROWID;

-- A valuation; it is the latest of its `subject` for its purpose on the days between `since` and `until`.
CREATE TABLE valuation (
  partition INTEGER NOT NULL,
  entity INTEGER NOT NULL,
  basis INTEGER NOT NULL,
  "offset" INTEGER NOT NULL,
  since INTEGER NOT NULL,
  until INTEGER NOT NULL,
  subject TEXT NOT NULL,
  valuation_id TEXT NOT NULL,
  purpose TEXT NOT NULL,
  method TEXT NOT NULL,
  approach TEXT,
  basis_of_value TEXT,
  platform TEXT,
  appraiser TEXT,
  model_id TEXT,
  model_version TEXT,
  as_of INTEGER NOT NULL,
  region TEXT,
  "right" INTEGER,
  industry INTEGER NOT NULL,
  currency INTEGER NOT NULL,
  low INTEGER,
  mid INTEGER NOT NULL,
  high INTEGER,
  made_by TEXT,
  coverage TEXT,
  bound TEXT,
  request_id TEXT,
  request_source TEXT,
  PRIMARY KEY (partition, entity, basis, "offset")
) STRICT, WITHOUT ROWID;

-- A request of a valuation of a subject. `assets` is the size of the portfolio, 1 for one asset.
CREATE TABLE valuation_request (
  partition INTEGER NOT NULL,
  entity INTEGER NOT NULL,
  basis INTEGER NOT NULL,
  "offset" INTEGER NOT NULL,
  subject TEXT NOT NULL,
  requested_on INTEGER NOT NULL,
  purpose TEXT NOT NULL,
  approach TEXT NOT NULL,
  basis_of_value TEXT NOT NULL,
  currency INTEGER NOT NULL,
  as_of INTEGER NOT NULL,
  comparables INTEGER,
  assets INTEGER NOT NULL,
  PRIMARY KEY (partition, entity, basis, "offset")
) STRICT, WITHOUT ROWID;

-- A refusal of a valuation: the evidence that there was, and how much it needs.
CREATE TABLE valuation_refusal (
  partition INTEGER NOT NULL,
  entity INTEGER NOT NULL,
  basis INTEGER NOT NULL,
  "offset" INTEGER NOT NULL,
  refused_on INTEGER NOT NULL,
  purpose TEXT NOT NULL,
  approach TEXT NOT NULL,
  currency INTEGER NOT NULL,
  as_of INTEGER NOT NULL,
  reason TEXT NOT NULL,
  had INTEGER NOT NULL,
  needed INTEGER NOT NULL,
  asset TEXT,
  model_id TEXT NOT NULL,
  model_version TEXT NOT NULL,
  request_id TEXT NOT NULL,
  request_source TEXT NOT NULL,
  PRIMARY KEY (partition, entity, basis, "offset")
) STRICT, WITHOUT ROWID;

-- A stated cost, or a stated scenario of income: `revenues` is a JSON array of minor units, one for each year.
CREATE TABLE valuation_input (
  partition INTEGER NOT NULL,
  entity INTEGER NOT NULL,
  basis INTEGER NOT NULL,
  "offset" INTEGER NOT NULL,
  stated_on INTEGER NOT NULL,
  name TEXT NOT NULL,
  stated_by TEXT NOT NULL,
  document TEXT,
  currency INTEGER NOT NULL,
  cost INTEGER,
  revenues TEXT,
  royalty_bp INTEGER,
  tax_bp INTEGER,
  discount_bp INTEGER,
  PRIMARY KEY (partition, entity, basis, "offset")
) STRICT, WITHOUT ROWID;

-- A registered model of valuations, which may be used on the days `since <= day < until`.
CREATE TABLE valuation_model (
  partition INTEGER NOT NULL,
  entity INTEGER NOT NULL,
  basis INTEGER NOT NULL,
  "offset" INTEGER NOT NULL,
  since INTEGER NOT NULL,
  until INTEGER NOT NULL,
  model_id TEXT NOT NULL,
  model_version TEXT NOT NULL,
  model_hash TEXT,
  owner TEXT NOT NULL,
  purpose TEXT NOT NULL,
  limits TEXT,
  valid_to INTEGER,
  PRIMARY KEY (partition, entity, basis, "offset")
) STRICT, WITHOUT ROWID;

-- A party and its parent on the days `since <= day < until`, each by its id, else by its name.
CREATE TABLE party_control (
  partition INTEGER NOT NULL,
  entity INTEGER NOT NULL,
  basis INTEGER NOT NULL,
  "offset" INTEGER NOT NULL,
  since INTEGER NOT NULL,
  until INTEGER NOT NULL,
  party TEXT NOT NULL,
  party_name TEXT NOT NULL,
  parent TEXT NOT NULL,
  parent_name TEXT NOT NULL,
  document TEXT,
  valid_to INTEGER,
  PRIMARY KEY (partition, entity, basis, "offset")
) STRICT, WITHOUT ROWID;

-- An exchange rate: `rate` units of `quote` are one unit of `base`.
CREATE TABLE fx_rate (
  partition INTEGER NOT NULL,
  entity INTEGER NOT NULL,
  basis INTEGER NOT NULL,
  "offset" INTEGER NOT NULL,
  day INTEGER NOT NULL,
  rate_source TEXT NOT NULL,
  base TEXT NOT NULL,
  quote TEXT NOT NULL,
  rate TEXT NOT NULL,
  PRIMARY KEY (partition, entity, basis, "offset")
) STRICT, WITHOUT ROWID;

-- Residents of a region on a day.
CREATE TABLE population (
  partition INTEGER NOT NULL,
  entity INTEGER NOT NULL,
  basis INTEGER NOT NULL,
  "offset" INTEGER NOT NULL,
  published_on INTEGER NOT NULL,
  region TEXT NOT NULL,
  as_of INTEGER NOT NULL,
  persons INTEGER NOT NULL,
  publisher TEXT NOT NULL,
  PRIMARY KEY (partition, entity, basis, "offset")
) STRICT, WITHOUT ROWID;

-- A parameter that holds on the days `since <= day < until`; `valid_to` is its last day, NULL if open-ended.
CREATE TABLE policy (
  partition INTEGER NOT NULL,
  entity INTEGER NOT NULL,
  basis INTEGER NOT NULL,
  "offset" INTEGER NOT NULL,
  since INTEGER NOT NULL,
  until INTEGER NOT NULL,
  policy TEXT NOT NULL,
  region TEXT,
  "right" INTEGER,
  value TEXT NOT NULL,
  currency TEXT,
  anchor TEXT,
  issuer TEXT,
  valid_to INTEGER,
  PRIMARY KEY (partition, entity, basis, "offset")
) STRICT, WITHOUT ROWID;

-- Weights of the terms of a score on the days `since <= day < until`; 0: the term does not count.
CREATE TABLE weight_set (
  partition INTEGER NOT NULL,
  entity INTEGER NOT NULL,
  basis INTEGER NOT NULL,
  "offset" INTEGER NOT NULL,
  since INTEGER NOT NULL,
  until INTEGER NOT NULL,
  name TEXT NOT NULL,
  purpose TEXT NOT NULL,
  publisher TEXT NOT NULL,
  document TEXT,
  valid_to INTEGER,
  remaining_term INTEGER NOT NULL,
  claims INTEGER NOT NULL,
  survived INTEGER NOT NULL,
  scope INTEGER NOT NULL,
  backward_cites INTEGER NOT NULL,
  forward_cites INTEGER NOT NULL,
  family_offices INTEGER NOT NULL,
  grant_lag INTEGER NOT NULL,
  generality INTEGER NOT NULL,
  renewals INTEGER NOT NULL,
  priced_deals INTEGER NOT NULL,
  award INTEGER NOT NULL,
  PRIMARY KEY (partition, entity, basis, "offset")
) STRICT, WITHOUT ROWID;

-- A published figure, as printed. `rights` and `kinds` are JSON arrays.
CREATE TABLE published_figure (
  partition INTEGER NOT NULL,
  entity INTEGER NOT NULL,
  basis INTEGER NOT NULL,
  "offset" INTEGER NOT NULL,
  published_on INTEGER NOT NULL,
  figure TEXT NOT NULL,
  metric TEXT NOT NULL,
  region TEXT,
  rights TEXT,
  industry TEXT,
  office TEXT,
  kinds TEXT,
  scope TEXT,
  purpose TEXT,
  period_from INTEGER,
  period_to INTEGER NOT NULL,
  value TEXT NOT NULL,
  precision TEXT,
  rounding TEXT,
  bound TEXT,
  currency TEXT,
  converted_to TEXT,
  fx_source TEXT,
  fx_on INTEGER,
  publisher TEXT NOT NULL,
  document TEXT,
  PRIMARY KEY (partition, entity, basis, "offset")
) STRICT, WITHOUT ROWID;

-- Look-ups by something other than the entity: the pledges and deals of an asset, the documents of a family.
CREATE INDEX pledge_asset_by_id ON pledge_asset (id);

CREATE INDEX deal_asset_by_id ON deal_asset (id);

-- The documents of a family also by office and day, so that its offices are counted from the index alone.
CREATE INDEX document_by_family ON document (family_id, office, day) WHERE family_id IS NOT NULL;

-- Inventions of a region ('': not given) in the order of their ids, so that look-ups by id go from neighbour to neighbour. It has
-- all that the criteria of high value need of a patent: SQLite also reads the columns of its expression and of its condition.
CREATE INDEX invention_by_region ON patent (coalesce(region, ''), subject, since, until, office, region, family_id, filed_on,
  granted_on, term_end, "right", ended_on) WHERE "right" = 1 AND ended_on IS NULL;

-- The few notes that are criteria of high value.
CREATE INDEX patent_note_of_value ON patent_note (partition, entity, day, what, name)
  WHERE name IN ('sei', 'state_science_technology', 'china_patent');

-- Valuations and their requests by asset, with what the funnel and realised values need first, so that no row is looked up. Their
-- conditions, true for every row, keep SQLite from reading all in their order: only a question that repeats them uses the indexes.
CREATE INDEX valuation_by_subject ON valuation (subject, basis, since, region, industry) WHERE since > 0;

CREATE INDEX valuation_request_by_subject ON valuation_request (subject, basis, requested_on) WHERE requested_on > 0;

-- Amounts of valuations by currency and day, so that those before a day are counted from the index alone.
CREATE INDEX valuation_by_amount ON valuation (currency, since, basis, mid) WHERE mid > 0;

-- The registrations of a model of valuations. Its condition keeps SQLite from reading all in its order.
CREATE INDEX valuation_model_by_version ON valuation_model (model_id, model_version, since) WHERE model_id IS NOT NULL;

-- The pledge of a registration number. Its condition keeps SQLite from reading all pledges in its order.
CREATE INDEX pledge_by_registration ON pledge (registration_no) WHERE registration_no IS NOT NULL;

-- Patents of a cohort: of an industry and a filing year.
CREATE INDEX patent_by_cohort ON patent (industry, filed_on) WHERE filed_on IS NOT NULL;

-- Inventions by filing date and office: the day of the filing itself (type 80), else the filing date that the document gives.
CREATE INDEX document_of_invention ON document (iif(type = 80, day, filed_on), office)
  WHERE "right" = 1 AND iif(type = 80, day, filed_on) IS NOT NULL;

-- Pledges that are not cancelled: as they stand from a day on, and as they were until a day. What falls due on a day is what
-- stands (`stock`), without the first, with the second. The indexes cover the columns of their conditions too, so that no
-- row is looked up.
CREATE INDEX pledge_stands ON pledge_state (since, basis, currency, debt_to, minor, defaulted_on, until, cancelled_on)
  WHERE cancelled_on IS NULL AND until = 99991231;

CREATE INDEX pledge_was_due ON pledge_state (until, since, basis, currency, debt_to, minor, defaulted_on, cancelled_on)
  WHERE cancelled_on IS NULL AND until < 99991231;

-- Reference data by its usual filters: the policies of a region, the exchange rates of a currency. Rates are found by their pair,
-- source and day from the index alone.
CREATE INDEX policy_by_region ON policy (policy, region, "right", currency, since, "offset");

CREATE INDEX fx_rate_by_pair ON fx_rate (base, quote, rate_source, day, "offset", basis, rate);

CREATE INDEX fx_rate_by_quote ON fx_rate (quote, day);

-- The pledges of a deal.
CREATE INDEX pledge_by_deal ON pledge (deal_id) WHERE deal_id IS NOT NULL;

-- The few documents that state the sort of their owner.
CREATE INDEX document_of_owner ON document (partition, entity, basis, day, type, owner_type) WHERE owner_type IS NOT NULL;

-- The pledges of a debtor, by its id, else its name: the debtor of the registration, else its only pledgor. '' has those of joint
-- pledgors, which are few. Its condition keeps SQLite from reading all pledges in its order.
CREATE INDEX pledge_by_debtor ON pledge (iif(debtor IS NULL AND json_array_length(pledgors) > 1, '',
  coalesce(json_extract(coalesce(debtor, pledgors), '$[0].id'), json_extract(coalesce(debtor, pledgors), '$[0].name'))))
  WHERE coalesce(debtor, pledgors) IS NOT NULL;

-- The loans of a borrower, by its id, else its name.
CREATE INDEX loan_payment_by_borrower ON loan_payment (coalesce(json_extract(borrower, '$[0].id'),
  json_extract(borrower, '$[0].name'))) WHERE borrower IS NOT NULL;

-- Grants by the country of their only applicant, in the order in which they are counted. '' has those of joint applicants. `day`
-- is there because SQLite looks up the row of a column that an index has in an expression alone.
CREATE INDEX document_by_country ON document (country, day / 10000, office, "right", industry, day, basis) WHERE type = 10;
