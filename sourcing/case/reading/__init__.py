"""Read tables as people keep them: text files, workbooks and Parquet, in a folder or alone."""

from sourcing.case.reading.collect import read_tables
from sourcing.case.reading.source import Reading, Sheet

__all__ = ["Reading", "Sheet", "read_tables"]
