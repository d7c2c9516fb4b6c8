"""Synthetic events of every type but erasures, which name records of a log: patents from filing to cessation,
financings, deals, marks, reference data.

Nothing here is real, but it is consistent: whoever pledges, licenses or assigns a patent is its applicant, a pledge
follows a valuation and secures a loan, dates are in order. Now and then an event is late, duplicated, or wrong and
corrected.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from hashlib import sha256
from random import Random
from typing import Any

from streams.synthetic.patents import NOW, OFFICES, Dated, Patent, PatentMaker
from streams.synthetic.pledges import IPC, LifeEvents, interleaved

_POPULATION = {"CN-SH": 24_800_000, "CN-BJ": 21_800_000, "CN-GD": 126_000_000, "CN-ZJ": 65_000_000}
_RATES = {"USD": 70_000, "EUR": 78_000, "JPY": 520}
"""Approximate value of one unit in ten-thousandths of a yuan."""
_POLICIES: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("ltv_cap", "0.25", {"right": "invention"}),
    ("ltv_cap", "0.30", {"right": "trademark"}),
    ("inclusive_loan", "10000000", {"currency": "CNY"}),
    ("high_value_pledge", "5000000", {"currency": "CNY"}),
    ("high_value_years", "10", {"anchor": "filing"}),
    ("remaining_term", "8", {"right": "invention"}),
    ("max_term", "3", {}),
)


_YOUNG = 1_000
"""The largest number of stories in a market without an evaluator, so that small markets stay as they were."""


def generate_all(events: int, seed: int) -> Iterator[bytes]:
    """Yield exactly `events` CloudEvents of all types as JSON lines (without line end), each id once; the same for the
    same arguments."""
    return interleaved(_Market(Random(seed)), events)  # noqa: S311 - repeatable on purpose, not secret


def _sha256(text: str) -> str:
    return sha256(text.encode()).hexdigest()


class _Market(PatentMaker):
    """Draws lives of every topic."""

    def life(self) -> LifeEvents:
        """Return all events of one story, of one subject or of several."""
        if self.random.random() < 0.2:
            return super().life()
        self.subjects += 1
        if self.subjects > _YOUNG and self.subjects % 20 == 0:
            return self._evaluation()
        life = self.random.choice(_AFFAIRS)(self)
        return self._faulty(life) if life and self.random.random() < 0.3 else life

    def _faulty(self, life: LifeEvents) -> LifeEvents:
        """Make one of the events late, duplicated, or wrong."""
        index = self.random.randrange(len(life))
        event = life[index]
        if self.random.random() < 0.3:
            return [*life[:index], *life[index + 1 :], event]
        again = {**event}
        earlier = {"occurred_on": self.iso(max(0, self.number_of(event["data"]["occurred_on"]) - 9))}
        wrong: list[Callable[[], LifeEvents]] = [
            lambda: [again],
            lambda: [self.corrected(event, **earlier)],
            lambda: [self.corrected(event, **earlier), self.voided(event)],
            lambda: [self.voided(event), self.corrected(event, **earlier)],
        ]
        return [*life, *self.random.choice(wrong)()]

    def _owned(self) -> Patent:
        """Return a patent for a deal; the first stories of a market may be about a patent without events."""
        if not self.patents:
            asset = {"id": "CN100000000B", "right": "invention", "ipc": [IPC[0]]}
            return Patent(asset, {"name": "Orient 1 Ltd", "country": "CN"}, "CN-SH", "CNY", 0)
        return self.random.choice(self.patents)

    # ---- money

    def financing(self) -> LifeEvents:
        """Return a valuation, a pledge, a loan, and their end."""
        patent = self._owned()
        currency, region, number = patent.currency, patent.region, self.subjects
        pool = [patent.asset, *(p.asset for p in self.patents[-30:] if p.owner == patent.owner and p is not patent)]
        if self.random.random() < 0.3:
            pool.append({"id": f"TM{number}", "right": self.random.choice(("trademark", "copyright"))})
        worth = self.some(1000, 20_000)
        assets = [{**asset, "appraised": self.amount(worth, currency)} for asset in pool]
        lent = worth * len(pool) // 4
        start, term = patent.granted + self.some(1, 1500), self.some(365, 1095)
        bank = {"name": f"Bank of {self._party()['name']}"}
        money = self.amount(lent, currency)
        registration = {
            "region": region,
            "registration_no": f"Y{number:010d}",
            "deal_id": f"D-{number}",
            "pledgors": [patent.owner],
            "pledgees": [bank],
            "assets": assets,
            "secured": money,
            "amount_status": "registered",
            "debt_from": self.iso(start),
            "debt_to": self.iso(start + term),
            "valuation_id": f"V-{number}",
        }
        if self.random.random() < 0.1:
            del registration["secured"]
            registration["amount_status"] = "undisclosed"
        loan = {"region": region, "amount": money, "rate_bp": 385, "lender": bank, "borrower": patent.owner}
        return self.up_to_now(
            (start - 20, self._valued(patent, start - 20, worth, "pledge_financing")),
            (start, self.dated("pledge.registered", f"P-{number:08d}", start, **registration)),
            (start + 3, self.dated("loan.disbursed", f"D-{number}", start + 3, **loan)),
            *self._settled(start, term, lent, currency, [asset["id"] for asset in pool]),
        )

    def _settled(self, start: int, term: int, lent: int, currency: str, pool: list[str]) -> Iterator[Dated]:
        number = {"registration_no": f"Y{self.subjects:010d}"}

        def pledge(stem: str, days: int, **data: Any) -> Dated:
            day = start + days
            return day, self.dated(f"pledge.{stem}", f"P-{self.subjects:08d}", day, **number, **data)

        def loan(stem: str, days: int, part: int, **data: Any) -> Dated:
            amount, day = self.amount(part, currency), start + days
            return day, self.dated(f"loan.{stem}", f"D-{self.subjects}", day, amount=amount, **data)

        half, chance = lent // 2, self.random.random()
        if chance < 0.3:
            more = {"released": pool[1:2]} if len(pool) > 1 else {}
            yield from (
                loan("repaid", 200, half),
                pledge("modified", 210, secured=self.amount(half, currency), **more),
            )
        if 0.1 < chance < 0.5:
            supplement = {"id": f"TM{self.subjects}-2", "right": "trademark", "appraised": self.amount(half, currency)}
            yield pledge("modified", 240, added=[supplement])
        if 0.2 < chance < 0.4:
            yield pledge("extended", term - 30, debt_to=self.iso(start + term + 365))
        if chance < 0.75:
            yield from (loan("repaid", term, lent - half), pledge("cancelled", term + 9, reason="debt repaid"))
            if chance < 0.1:
                yield loan("subsidised", term + 60, lent // 50, programme="Interest subsidies, constructed")
        elif chance < 0.9:
            yield pledge("defaulted", term + 30, overdue=self.amount(lent, currency))
            yield loan("compensated", term + 90, half, paid_by="guarantor")
            yield pledge("realised", term + 400, proceeds=self.amount(half, currency), method="auction")
            yield pledge("cancelled", term + 420)

    def _valued(self, patent: Patent, day: int, worth: int, purpose: str) -> dict[str, Any]:
        by_model = self.random.random() < 0.3
        model = {"method": "ai_model", "model_id": "example-valuer", "model_version": "1.0"}
        return self.dated(
            "valuation.completed",
            patent.asset["id"],
            day,
            region=patent.region,
            valuation_id=f"V-{self.subjects}",
            purpose=purpose,
            as_of=self.iso(day - 60),
            right=patent.asset["right"],
            ipc=patent.asset["ipc"],
            low=self.amount(worth * 8 // 10, patent.currency),
            mid=self.amount(worth, patent.currency),
            high=self.amount(worth * 12 // 10, patent.currency),
            platform="Example IP Exchange",
            **(model if by_model else {"method": "income"}),
        )

    def _evaluation(self) -> LifeEvents:
        """Return a model, a reading, a need, a request of a valuation, a stated scenario, a refusal, and an alert."""
        patent, number = self._owned(), self.subjects
        subject, day, pledge = patent.asset["id"], patent.granted + 30, f"P-{number:08d}"
        asked = {"purpose": "transfer", "approach": "market", "basis_of_value": "market_value"}
        asked |= {"currency": patent.currency, "as_of": self.iso(day)}
        request = self.dated("valuation.requested", subject, day, **asked, comparables=9)
        answer = {"request_id": request, "request_source": request["source"], "reason": "too_few"}
        answer |= {"had": number % 9, "needed": 9, "model_id": "example-rule", "model_version": "1"}
        revenues = [self.amount(1000 + year, patent.currency) for year in range(number % 3 + 1)]
        scenario = {"revenues": revenues, "royalty_bp": 400, "tax_bp": 2500, "discount_bp": 1200}
        stated = {"name": "base case", "stated_by": patent.owner, "scenario": scenario}
        watched = {"reason": "challenged", "holds_from": self.iso(day), "asset": subject}
        alert = self.dated("collateral.alerted", pledge, day, **watched)
        seen = {"alert": alert, "acknowledged_by": "risk desk"}
        return self.up_to_now(
            (day, self._model(day)),
            (day, self._reading(subject, day)),
            (day, self._need(patent, day)),
            (day, self.dated("valuation.input", subject, day, **stated)),
            (day, request),
            (day, self.dated("valuation.refused", subject, day, **asked, **answer)),
            (day, alert),
            (day + 1, self.dated("collateral.acknowledged", pledge, day + 1, **seen)),
        )

    # ---- deals, marks, applications, reference data

    def _deal(self) -> tuple[Patent, int, dict[str, Any]]:
        patent = self._owned()
        return patent, patent.granted + self.some(60, 2000), {"region": patent.region, "assets": [patent.asset]}

    def licence(self) -> LifeEvents:
        """Return a licence contract."""
        patent, day, common = self._deal()
        subject = f"L-{self.subjects}"
        fee = self.random.choice(("fixed", "fixed", "royalty", "free", "mixed"))
        record = {**common, "contract_no": subject, "licence": self.random.choice(("exclusive", "sole", "ordinary"))}
        record |= {"licensors": [patent.owner], "licensees": [self._party()], "fee": fee}
        if fee in ("fixed", "mixed"):
            record["amount"] = self.amount(self.some(50, 4000), patent.currency)
        if fee in ("royalty", "mixed"):
            record["royalty_bp"] = self.some(100, 800)
        changed, ended = day + 300, day + 900
        events = [(day, self.dated("licence.recorded", subject, day, **record))]
        if self.random.random() < 0.4:
            modified = {"contract_no": subject, "term_to": self.iso(ended + 400)}
            events.append((changed, self.dated("licence.modified", subject, changed, **modified)))
        if self.random.random() < 0.4:
            events.append((ended, self.dated("licence.cancelled", subject, ended, contract_no=subject)))
        return self.up_to_now(*events)

    def assignment(self) -> LifeEvents:
        """Return a transfer of rights, or an owner's change of name."""
        patent, day, common = self._deal()
        conveyance = self.random.choice(("assignment", "assignment", "merger", "change_of_name"))
        record = {**common, "contract_no": f"A-{self.subjects}", "conveyance": conveyance}
        record |= {"assignors": [patent.owner], "assignees": [self._party()]}
        if conveyance == "assignment" and self.random.random() < 0.7:
            record["price"] = self.amount(self.some(50, 9000), patent.currency)
        return self.up_to_now((day, self.dated("assignment.recorded", f"A-{self.subjects}", day, **record)))

    def open_licence(self) -> LifeEvents:
        """Return an open licence offer and its licensees."""
        patent, day, common = self._deal()
        subject, fee = f"OL-{self.subjects}", self.amount(self.some(10, 200), patent.currency)
        offer = {**common, "fee": "fixed", "amount": fee, "patentees": [patent.owner]}
        events = [(day, self.dated("open_licence.declared", subject, day, **offer))]
        for days in range(40, 40 * self.some(1, 4), 40):
            taken = {"licensee": self._party(), "amount": fee}
            events.append((day + days, self.dated("open_licence.accepted", subject, day + days, **taken)))
        if self.random.random() < 0.5:
            events.append((day + 700, self.dated("open_licence.withdrawn", subject, day + 700)))
        return self.up_to_now(*events)

    def trademark(self) -> LifeEvents:
        """Return a mark: applied for, registered, renewed or ceased."""
        owner, day = self._party(), self.some(0, NOW)
        subject, ends = f"{60_000_000 + self.subjects}", day + 3650
        classes = sorted(self.random.sample(range(1, 46), self.some(1, 3)))
        mark = {"region": self.random.choice(OFFICES["CN"][1]), "classes": classes, "owners": [owner]}
        number, filed = f"{subject}A", max(0, day - self.some(200, 600))
        filing = {"region": mark["region"], "office": "CN", "application_number": number, "applicants": [owner]}
        events = [
            (filed, self.dated("trademark.filed", f"CN-{number}", filed, **filing, classes=classes)),
            (day, self.dated("trademark.registered", subject, day, **mark, office="CN", valid_to=self.iso(ends))),
        ]
        if self.random.random() < 0.6:
            renewed = ends - 90
            events.append((renewed, self.dated("trademark.renewed", subject, renewed, valid_to=self.iso(ends + 3650))))
        if self.random.random() < 0.3:
            ceased = day + self.some(400, 5000)
            events.append((ceased, self.dated("trademark.ceased", subject, ceased, reason="surrendered")))
        return self.up_to_now(*events)

    def pct(self) -> LifeEvents:
        """Return an international application."""
        office = self.random.choice(("CN", "US", "EP", "JP"))
        region, day = self.random.choice(OFFICES[office][1]), self.some(0, NOW)
        number = f"PCT/{office}{self.iso(day)[:4]}/{self.subjects % 1_000_000:06d}"
        applicants = [{**self._party(), "country": region[:2]}]
        filing = {"region": region, "number": number, "receiving_office": office, "applicants": applicants}
        return [self.dated("pct.filed", number, day, **filing, ipc=self.random.sample(IPC, self.some(1, 2)))]

    def reference(self) -> LifeEvents:
        """Return an event of reference data or a published figure."""
        return [self.random.choice((self._rate, self._rate, self._population, self._policy, self._figure))()]

    def _rate(self) -> dict[str, Any]:
        base, day = self.random.choice([*_RATES]), self.some(0, NOW)
        points = _RATES[base] * self.some(950, 1050) // 1000
        rate = {"base": base, "quote": "CNY", "rate": f"{points // 10_000}.{points % 10_000:04d}", "rate_source": "ECB"}
        return self.dated("reference.fx_rate", f"fx/ECB/{base}-CNY/{self.iso(day)}", day, **rate)

    def _population(self) -> dict[str, Any]:
        region, year = self.random.choice([*_POPULATION]), self.some(2012, 2023)
        persons = _POPULATION[region] + (year - 2020) * 10_000
        counted = {"region": region, "as_of": f"{year}-12-31", "persons": persons, "publisher": "Example Statistics"}
        published = self.number_of(f"{year + 1}-03-20")
        return self.dated("reference.population", f"population/{region}/{year}", published, **counted)

    def _policy(self) -> dict[str, Any]:
        policy, value, more = self.random.choice(_POLICIES)
        day = self.some(0, 700)
        if self.subjects % 3 == 0:
            return self._weights(day)
        if self.subjects % 6 == 1 and self.patents:
            return self._control(day, self.patents[-1].owner)
        subject = "/".join(("policy", policy, *more.values()))
        return self.dated("reference.policy", subject, day, policy=policy, value=value, **more)

    def _control(self, day: int, party: dict[str, str]) -> dict[str, Any]:
        parent = {"name": f"Example Group {self.subjects % 50}", "country": "CN"}
        subject = f"control/{party.get('id', party['name'])}"
        return self.dated("reference.control", subject, day, party=party, parent=parent)

    def _weights(self, day: int) -> dict[str, Any]:
        name = f"example-{self.subjects % 5}"
        weights = {"claims": 1 + self.subjects % 4, "forward_cites": 2, "renewals": 1}
        about = {"name": name, "purpose": "an example", "publisher": "Example Statistics"}
        return self.dated("reference.weight_set", f"weights/{name}", day, **about, weights=weights)

    def _model(self, day: int) -> dict[str, Any]:
        version = f"{self.subjects % 5}.0"
        about = {"owner": "Example Bank, model risk", "purpose": "an example"}
        subject = f"model/example-valuer/{version}"
        return self.dated("reference.model", subject, day, **about, model_id="example-valuer", model_version=version)

    def _reading(self, patent: str, day: int) -> dict[str, Any]:
        text = f"1. Product {self.subjects} with a solid electrolyte."
        asked, quote = "Does a claim require a solid electrolyte?", "a solid electrolyte"
        about = {"question": "solid_electrolyte", "asked": asked, "part": "claims", "text": text}
        about |= {"text_hash": _sha256(text), "prompt_hash": _sha256(asked + text)}
        found = {"answer": "yes", "quote": quote, "quote_at": text.index(quote)}
        answer = found if self.subjects % 3 else {"answer": "unknown"}
        model = {"model_id": "example-reader", "model_version": "1.0"}
        return self.dated("patent.read", patent, day, **about, **answer, **model)

    def _need(self, patent: Patent, day: int) -> dict[str, Any]:
        sought = {"region": patent.region, "text": "solid electrolytes", "codes": patent.asset["ipc"]}
        return self.dated("need.published", f"need-{self.subjects}", day, **sought, seeker=patent.owner)

    def _figure(self) -> dict[str, Any]:
        region, year = self.random.choice([*_POPULATION]), self.some(2013, 2023)
        printed = {
            "figure": f"Patents granted in {region} in {year}, constructed",
            "metric": "grants",
            "region": region,
            "period_from": f"{year}-01-01",
            "period_to": f"{year}-12-31",
            "value": f"{self.some(1, 500)}00",
            "precision": "100",
            "publisher": "Example Daily",
        }
        published = self.number_of(f"{year + 1}-02-01")
        return self.dated("reference.published_figure", f"figure/{region}/grants/{year}", published, **printed)


_AFFAIRS = (
    *(_Market.patent,) * 7,
    *(_Market.financing,) * 5,
    *(_Market.licence,) * 2,
    _Market.assignment,
    _Market.open_licence,
    *(_Market.trademark,) * 2,
    _Market.pct,
    *(_Market.reference,) * 2,
)
"""The stories of a market; repetition is frequency."""
