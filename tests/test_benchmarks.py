"""What people wrote above the benchmark's tables stays when the tables are measured again."""

from __future__ import annotations

import pandas as pd

from benchmarks import __main__ as bench
from tests.conftest import ROOT


def test_remarks_written_by_hand_outlive_new_tables(tmp_path, monkeypatch):
    page = (ROOT / "benchmarks" / "README.md").read_text(encoding="utf-8")
    (tmp_path / "README.md").write_text(page, encoding="utf-8")
    remarks = bench.read_remarks(page)
    assert "What is not good enough yet" in remarks[0] and "Measured" not in remarks[0] and "|" not in remarks[0]
    monkeypatch.setattr(bench, "__file__", str(tmp_path / "__main__.py"))
    monkeypatch.setattr(bench, "list_runs", lambda *_, **__: {"Nothing": lambda: pd.DataFrame({"instance": ["a"]})})
    monkeypatch.setattr("sys.argv", ["benchmarks", "--write"])
    bench.main()
    written = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert remarks[0] in written and "## Nothing" in written and "## 200 processes" not in written
    assert bench.read_remarks(written) == remarks
    assert bench.read_remarks("# Benchmark\n\nMeasured now.\n\n## Nothing\n") == []
