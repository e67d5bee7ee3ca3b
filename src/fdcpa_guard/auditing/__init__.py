"""The audit of a log: every communication judged against what came before it, and the report of that.

`run.run_audit` is the way in. Data flow: `facts.importers.reading` gives items, `spool` groups them by consumer on disk,
`consumers` makes one consumer's file, `judging` judges it, `rows` and `tally` hold what was found, `workers` spreads
consumers over processes, `output` writes the files, `summary` and `report` are what a person reads.
"""
