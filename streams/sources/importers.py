"""The importers of office data, by their names on the command line."""

from __future__ import annotations

from streams.sources.conveyances.source import uspto_assignments, uspto_trademark_assignments
from streams.sources.grants.source import uspto_grants
from streams.sources.legal_events.source import epo_legal_events
from streams.sources.maintenance_fees.source import uspto_maintenance_fees
from streams.sources.publications.source import patent_publications
from streams.sources.reading import Importer
from streams.sources.statistics.ecb_rates import ecb_rates
from streams.sources.statistics.issue_report import uspto_issue_reports
from streams.sources.statistics.ncses_tables import ncses_tables
from streams.sources.statistics.transcribed import published_figures
from streams.sources.statistics.worldbank_patents import worldbank_patents
from streams.sources.statistics.worldbank_population import worldbank_population
from streams.sources.tipo.source import tipo_patents, tipo_trademarks
from streams.sources.trademarks.source import uspto_trademarks

IMPORTERS: dict[str, Importer] = {
    "uspto-grants": uspto_grants,
    "uspto-assignments": uspto_assignments,
    "uspto-trademark-assignments": uspto_trademark_assignments,
    "uspto-trademarks": uspto_trademarks,
    "tipo-patents": tipo_patents,
    "tipo-trademarks": tipo_trademarks,
    "epo-legal-events": epo_legal_events,
    "uspto-maintenance-fees": uspto_maintenance_fees,
    "patent-publications": patent_publications,
    "uspto-issue-reports": uspto_issue_reports,
    "ecb-rates": ecb_rates,
    "worldbank-population": worldbank_population,
    "worldbank-patents": worldbank_patents,
    "ncses-tables": ncses_tables,
    "published-figures": published_figures,
}


def importer_of(head: bytes) -> str | None:
    """Return the name of the importer that reads a file with these first bytes."""
    recognised = (name for name, kind in IMPORTERS.items() if any(form.recognises(head) for form in kind.formats))
    return next(recognised, None)
