"""minhbach: the table of contents of a run, one line per stage. `python pipeline.py --help` lists the commands."""

import sys

from minhbach import cli, stages

STAGES = (
    ("validate", stages.validate),  # 1_validate.ipynb: answers → observations.csv, findings.csv
    ("score", stages.score),  #        2_score.ipynb: observations → scores, levels, ranks, comparisons
    ("workbook", stages.workbook),  #  scores.xlsx: every node, level and rank as a live formula
    ("report", stages.report),  #      3_report.ipynb: tables → text, figures, facts
    ("render", stages.render),  #      Pandoc and Typst: report, submission, decision as PDF, report.html, places
    ("scorecards", stages.cards),  #   scorecards.pdf, scorecards/<unit>.pdf
    ("close", stages.close),  #        closed.csv: every numeral of every page has an address
    ("release", stages.publish_tables),  # tables.xlsx, tables.ods, open-data/
    ("evidence", stages.evidence),  #  report.pdf carries all tables, frameworks and settings, and a seal
    ("audit", stages.audit),  #        audit/: the report with the chain of every number, units, criteria, tick list
    ("lineage", stages.lineage),  #    ro-crate-metadata.json, prov.json: which file was made from which
    ("record", stages.record),  #      manifest.json: hashes and versions
)

if __name__ == "__main__":
    sys.exit(cli.main(STAGES))
