"""Rows of a query as a table for people, as CSV, and as SPARQL 1.1 JSON results."""

from __future__ import annotations

import csv
import io
import json

from posthma.queries import Table
from posthma.report.layout import Page, clean
from posthma.terms import literal_parts
from posthma.vocab import plain, plain_iri


def as_table(table: Table, page: Page) -> str:
    """Lay rows out in columns, or one below the other where the page is too narrow for that."""
    rows = [[clean(plain(term)) if term else "" for term in row] for row in table.rows]
    widths = [max([len(name), *(len(row[i]) for row in rows)]) for i, name in enumerate(table.columns)]
    if sum(widths) + 2 * len(widths) <= page.width:
        for i, row in enumerate([list(table.columns), *rows]):
            line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            page.lines.append(page.style(line, "head") if i == 0 else line)
    else:
        column = min(24, max(map(len, table.columns)) + 2)
        for row in rows:
            for name, cell in zip(table.columns, row, strict=True):
                page.field(name, cell, column=column)
            page.blank()
    page.blank()
    page.lines.append(f"{len(rows)} row{'' if len(rows) == 1 else 's'}")
    return str(page)


def as_csv(table: Table) -> str:
    """Return SPARQL 1.1 CSV: IRIs in full, literals by their lexical form."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table.columns)
    for row in table.rows:
        writer.writerow([literal_parts(t)[0] if t.startswith('"') else plain_iri(t) for t in row])
    return out.getvalue()


def as_json(table: Table) -> str:
    """Return SPARQL 1.1 JSON results."""
    bindings = [
        {name: _json_term(term) for name, term in zip(table.columns, row, strict=True) if term} for row in table.rows
    ]
    whole = {"head": {"vars": list(table.columns)}, "results": {"bindings": bindings}}
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def _json_term(term: str) -> dict[str, str]:
    if term.startswith("<"):
        return {"type": "uri", "value": plain_iri(term)}
    if not term.startswith('"'):
        return {"type": "bnode", "value": term[2:]}
    lexical, datatype, language = literal_parts(term)
    if language:
        return {"type": "literal", "value": lexical, "xml:lang": language}
    if datatype.endswith("#string"):
        return {"type": "literal", "value": lexical}
    return {"type": "literal", "value": lexical, "datatype": datatype}
