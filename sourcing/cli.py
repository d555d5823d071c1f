"""The command `sourcing`.

Exit codes: 0 fine; 1 unsound, infeasible or failed; 2 usage; 3 out of time without a plan.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from sourcing import __version__
from sourcing.console import (
    Progress,
    find_width,
    format_answer,
    format_error,
    format_problems,
    say,
)
from sourcing.errors import CaseError, InfeasiblePlanError, InputError, NoPlanFoundError, SourcingError, say_os_error
from sourcing.remote import is_address, mirroring

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sourcing.batch import Outcome
    from sourcing.remote import Mirror

FINE, FAILED, USAGE, OUT_OF_TIME, INTERRUPTED = 0, 1, 2, 3, 130
LONGEST_NAME = 255
"""Most bytes that a file's name has on usual systems."""
READ = ("case", "from_case", "notebook", "run", "before", "after")
WRITTEN = ("out", "answers", "path", "mark")
"""Arguments that are paths, or addresses such as `s3://bucket/case`."""
EXIT_CODES = {InputError: USAGE, NoPlanFoundError: OUT_OF_TIME}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code.

    Parameters
    ----------
    argv : sequence of str, optional
        Arguments without the program's name; those of the process if None.
    """
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # reason in sourcing.batch.preload
    arguments, rest = make_parser().parse_known_args(argv)
    if rest and arguments.command is not open_lab:
        make_parser().error(f"unrecognized arguments: {' '.join(rest)}")
    arguments.rest = rest
    try:
        with ExitStack() as held:
            arguments.mirrors = _mirror_addresses(arguments, held)
            return arguments.command(arguments)
    except SourcingError as error:
        say(format_error(error), sys.stderr)
        return next((code for kind, code in EXIT_CODES.items() if isinstance(error, kind)), FAILED)
    except BrokenPipeError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())  # who stopped listening is told no more, not even at the end
        return FAILED
    except OSError as error:
        say(say_os_error(error), sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        say("Stopped. What was finished is kept.", sys.stderr)
        return INTERRUPTED


def _mirror_addresses(arguments: argparse.Namespace, held: ExitStack) -> list[Mirror]:
    """Put a local copy in the place of each address of another file system."""
    mirrors = []
    for name in READ + WRITTEN:
        given = getattr(arguments, name, None)
        if is_address(given):
            mirrors.append(held.enter_context(mirroring(given, is_read=name in READ)))
            setattr(arguments, name, mirrors[-1])
    return mirrors


def make_parser() -> argparse.ArgumentParser:
    """Describe commands and options."""
    parser = argparse.ArgumentParser(
        prog="sourcing",
        description="Decide which processes to keep in-house, move onshore, offshore or outsource.",
        epilog="Exit codes: 0 fine; 1 unsound, infeasible or failed; 2 usage; 3 out of time without a plan.",
    )
    parser.add_argument("--version", action="version", version=f"sourcing {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    check = commands.add_parser("check", help="list every problem of a case", description=check_case.__doc__)
    check.add_argument("case", type=read_path, metavar="CASE", help="folder of the case's tables, or a workbook")
    check.add_argument("--format", choices=["table", "json"], default="table")
    check.add_argument(
        "--mark", type=read_path, metavar="FILE.xlsx", help="write a copy with each faulty cell colored and noted"
    )
    check.set_defaults(command=check_case)

    plan = commands.add_parser("plan", help="solve one business unit", description=plan_unit.__doc__)
    plan.add_argument("case", type=read_path, metavar="CASE", help="folder of the case's tables")
    plan.add_argument("--unit", required=True, metavar="U", help="business unit")
    plan.add_argument("--out", type=read_path, required=True, metavar="DIR", help="folder for the files")
    _add_set(plan)
    _add_answers(plan, "default: nowhere")
    plan.set_defaults(command=plan_unit)

    _add_init(commands)
    _add_seal(commands)
    _add_packs(commands)
    _add_portfolio(commands)
    _add_compare(commands)
    _add_ledger(commands)
    lab = commands.add_parser(
        "lab",
        help="JupyterLab at the list of notebooks",
        description=open_lab.__doc__,
        epilog="Further options are handed to JupyterLab, such as --no-browser.",
    )
    lab.set_defaults(command=open_lab)
    return parser


def _add_init(commands: Any) -> None:
    init = commands.add_parser("init", help="a workbook or folder to start from", description=start_case.__doc__)
    init.add_argument("path", type=read_path, metavar="FILE.xlsx|FOLDER", help="what to write, or to add to")
    init.add_argument("--basic", action="store_true", help="units, processes, scores and options only")
    init.add_argument("--add", action="append", default=[], metavar="TABLE", help="add a table, or its missing rows")
    init.add_argument("--from", dest="from_case", type=read_path, metavar="CASE", help="case to fill in")
    init.add_argument("--force", action="store_true", help="overwrite")
    init.set_defaults(command=start_case)


def _add_seal(commands: Any) -> None:
    seal = commands.add_parser(
        "seal", help="seal criteria, weights, thresholds, hurdles", description=seal_case.__doc__
    )
    seal.add_argument("case", type=read_path, metavar="CASE", help="folder of the case's tables, or a workbook")
    seal.set_defaults(command=seal_case)


def _add_ledger(commands: Any) -> None:
    adopt = commands.add_parser("adopt", help="adopt a run as the baseline", description=adopt_plan.__doc__)
    adopt.add_argument("run", type=read_path, metavar="RUN", help="folder that `plan` or `packs` wrote for a unit")
    adopt.set_defaults(command=adopt_plan)
    ledger = commands.add_parser("ledger", help="actuals against an adopted run", description=make_ledger.__doc__)
    learned = commands.add_parser("learn", help="the next case, from what came", description=write_lessons.__doc__)
    for parser, told in ((ledger, "folder for the tables"), (learned, "folder for the next case")):
        parser.add_argument("run", type=read_path, metavar="RUN", help="folder of an adopted run")
        parser.add_argument("case", type=read_path, metavar="CASE", help="case that holds the unit's actuals")
        parser.add_argument("--out", type=read_path, required=True, metavar="DIR", help=told)
    ledger.set_defaults(command=make_ledger)
    learned.set_defaults(command=write_lessons)


def _add_packs(commands: Any) -> None:
    packs = commands.add_parser("packs", help="one decision pack per unit", description=make_packs.__doc__)
    packs.add_argument("case", type=read_path, metavar="CASE", help="folder of the case's tables")
    packs.add_argument("--out", type=read_path, required=True, metavar="DIR", help="folder for the packs")
    packs.add_argument("--units", metavar="A,B", help="business units, separated by commas; default: all")
    _add_set(packs)
    _add_answers(packs, "default: .answers beside the packs")
    packs.add_argument(
        "--workers",
        type=int,
        metavar="N",
        help="units at a time; default: 2, or 1 on one core; on a cluster all it can",
    )
    packs.add_argument(
        "--notebook", type=read_path, default="decision_pack", metavar="NAME", help="notebook: name or path"
    )
    packs.add_argument(
        "--resume", action="store_true", help="skip units finished before from the same tables, parameters and suite"
    )
    packs.add_argument("--time-limit", type=float, default=900.0, metavar="SECONDS", help="longest time of a unit")
    packs.add_argument("--memory-limit", type=float, metavar="MB", help="most memory of a unit, in MiB; default: any")
    packs.add_argument(
        "--engine", choices=["shell", "kernel"],
        help="what runs the cells: a process forked with all imported (default where the system can fork), or a "
        "Jupyter kernel started for each unit",
    )  # fmt: skip
    packs.add_argument(
        "--scheduler",
        metavar="tcp://HOST:PORT",
        help="Dask scheduler whose workers run the units; default: this machine",
    )
    packs.add_argument(
        "--case-by", choices=["sent", "shared"], default="sent",
        help="how the case reaches the workers: sent through the scheduler (default), or as files at the same path on "
        "storage that all share",
    )  # fmt: skip
    told = packs.add_mutually_exclusive_group()
    told.add_argument("--quiet", action="store_true", help="tell only of units without a pack")
    told.add_argument("--format", choices=["table", "json"], default="table", help="json: one object per line")
    packs.set_defaults(command=make_packs)


def _add_portfolio(commands: Any) -> None:
    group = commands.add_parser(
        "portfolio", help="all units together under the group's rules", description=decide_portfolio.__doc__
    )
    group.add_argument("case", type=read_path, metavar="CASE", help="folder of the case's tables")
    group.add_argument("--out", type=read_path, required=True, metavar="DIR", help="folder for the files")
    group.add_argument("--currency", default="", metavar="EUR", help="group currency; default: that of most units")
    group.add_argument("--gap", type=float, metavar="SHARE", help="gap at which the search may stop; default: 0.001")
    group.add_argument("--workers", type=int, metavar="N", help="processes; default: 2, or 1 on one core")
    _add_set(group)
    group.set_defaults(command=decide_portfolio)


def _add_compare(commands: Any) -> None:
    compare = commands.add_parser(
        "compare", help="what changed between two runs, and why", description=compare_two.__doc__
    )
    run = "folder of a plan, of a unit's pack or of all packs; or a file in it"
    compare.add_argument("before", type=read_path, metavar="RUN_A", help=run)
    compare.add_argument("after", type=read_path, metavar="RUN_B", help="the later one, the same way")
    compare.add_argument("--out", type=read_path, metavar="DIR", help="folder for tables, page and JSON")
    compare.add_argument("--format", choices=["table", "json"], default="table")
    compare.add_argument("--units", metavar="A,B", help="business units, separated by commas; default: all of both")
    told = "mixtures of the two cases to solve at most for each unit, each about a second; default: 256"
    compare.add_argument("--solves", type=int, metavar="N", help=told)
    compare.set_defaults(command=compare_two)


def _add_set(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="a lever; may be repeated")


def _add_answers(parser: argparse.ArgumentParser, default: str) -> None:
    told = f"where answers to questions why are kept for the next run; {default}"
    parser.add_argument("--answers", type=read_path, metavar="FOLDER", help=told)


def check_case(arguments: argparse.Namespace) -> int:
    """List every problem and warning of a case on standard output; exit 0 if it is sound, 1 if not."""
    from sourcing.case import load_case, mark_problems

    case = None
    try:
        case = load_case(arguments.case)
        problems = case.warnings
    except CaseError as error:
        problems = error.problems
    if arguments.format == "json":
        say(problems.to_json(orient="records", indent=2))
    elif len(problems):
        say(format_problems(problems, find_width(sys.stdout)))
    if arguments.mark is not None:
        say(f"Marked: {mark_problems(arguments.case, problems, arguments.mark)}", sys.stderr)
    warned = int((problems["severity"] == "warning").sum())
    also = f"; {warned} worth a look" if warned else ""
    if case is None:
        say(f"{len(problems) - warned} to mend{also}.", sys.stderr)
        return FAILED
    from sourcing.pack import say_count

    units, processes = list(case.units["business_unit"]), say_count(len(case.processes), "process", "processes")
    of_units = f"{say_count(len(units), 'business unit')} ({', '.join(units)})"
    say(f"Sound: {processes} of {of_units}{also}.", sys.stderr)
    return FINE


def start_case(arguments: argparse.Namespace) -> int:
    """Write a workbook with drop-downs, units and notes, or a folder of CSV files, to start a case from."""
    from sourcing.case import write_template

    options = {name: getattr(arguments, name) for name in ("basic", "add", "from_case", "force")}
    for line in write_template(arguments.path, **options):
        say(line)
    return FINE


def seal_case(arguments: argparse.Namespace) -> int:
    """Fingerprint criteria, weights, thresholds and hurdles, so that packs can say whether they changed since."""
    from sourcing.case import seal_case as seal

    file, found, is_new = seal(arguments.case)
    costs = ", ".join(found["cost_tables"])
    say(f"{'Sealed' if is_new else 'Unchanged since the seal of'} {found['sealed_at']}: {found['fingerprint']}")
    say(f"Costs were there already, in {costs}." if costs else "No costs were there yet.")
    say(f"Written to {file}" if is_new else f"Kept in {file}", sys.stderr)
    return FINE


def plan_unit(arguments: argparse.Namespace) -> int:
    """Solve one business unit and write its tables as CSV and in pack.xlsx, with summary.json.

    Where no plan keeps every rule, what clashes, the repairs and the plan that the cheapest one gives are written.
    """
    from sourcing.batch import PLAN_FILES, open_out, publishing
    from sourcing.case import load_case, require_no_inputs, settle
    from sourcing.decide import decide_unit, explain_refusal
    from sourcing.pack import collect, collect_refusal, write_decision
    from sourcing.program import require_place

    levers = read_settings(arguments.set)
    case = load_case(arguments.case, arguments.unit)
    settle(case, **levers)
    require_no_inputs(arguments.out, arguments.case, PLAN_FILES)
    require_place(arguments.out, arguments.case)
    folder = open_out(arguments.out)
    if arguments.answers is not None:
        open_out(arguments.answers)
    try:
        decision = decide_unit(case, answers_folder=arguments.answers, **levers)
    except InfeasiblePlanError as error:
        refusal = collect_refusal(explain_refusal(error, answers_folder=arguments.answers))
        with publishing(folder) as aside:
            files = write_decision(aside, **refusal)
        say(f"Written to {arguments.out}: {', '.join(files)}", sys.stderr)
        raise
    collected = collect(decision)
    with publishing(folder) as aside:
        files = write_decision(aside, **collected)
    say(format_answer(collected["summary"], collected["tables"]["plan"]))
    say(f"Written to {arguments.out}: {', '.join(files)}", sys.stderr)
    return FINE


def decide_portfolio(arguments: argparse.Namespace) -> int:
    """Decide all units of a case together under the group's rules, and write tables, summary.json and one page."""
    from sourcing.batch import open_out, publishing
    from sourcing.case import load_case, require_no_inputs
    from sourcing.pack import PORTFOLIO_FILES, show_group_answer, write_portfolio
    from sourcing.portfolio import GAP, decide_group
    from sourcing.program import require_no_run

    levers: dict[str, Any] = dict(read_settings(arguments.set))
    workers = arguments.workers if arguments.workers is not None else min(2, os.cpu_count() or 1)
    gap = GAP if arguments.gap is None else arguments.gap
    for name, value, least in (("--workers", workers, 1), ("--gap", gap, 0.0)):
        if not value >= least:
            raise InputError(f"{name} must be at least {least:g}; got {value:g}. Hint: leave it out for the default.")
    case = load_case(arguments.case)
    is_again = Path(arguments.out, "portfolio.html").is_file()
    if not is_again:
        require_no_run(arguments.out)
    require_no_inputs(arguments.out, arguments.case, PORTFOLIO_FILES, PORTFOLIO_FILES if is_again else ())
    folder = open_out(arguments.out)
    decision = decide_group(case, arguments.currency, workers=workers, gap=gap, **levers)
    with publishing(folder, ours=PORTFOLIO_FILES) as aside:
        files = write_portfolio(aside, decision)
    say(show_group_answer(decision).words)
    say(f"Written to {arguments.out}: {', '.join(files)}", sys.stderr)
    return FINE


def adopt_plan(arguments: argparse.Namespace) -> int:
    """Adopt a run: what it promised is written once as its baseline, with a fingerprint, and never altered."""
    from sourcing.program import adopt_run

    baseline = adopt_run(arguments.run)
    say(f"Adopted {baseline.business_unit} at {baseline.adopted_at}: {baseline.fingerprint}")
    say(f"Written to {arguments.run}/baseline: keep it as it is; an edit is noticed", sys.stderr)
    return FINE


def make_ledger(arguments: argparse.Namespace) -> int:
    """Hold a unit's actuals against its adopted run: leakage by cause, status and forecast, as CSV and Excel."""
    from sourcing.pack import (
        say_benefits,
        say_forecast,
        say_invoices,
        say_result,
        say_watermelons,
        write_ledger_workbook,
    )
    from sourcing.program import write_ledger

    ledger, _ = _open_ledger(arguments)
    files = [*write_ledger(ledger, arguments.out), "ledger.xlsx"]
    write_ledger_workbook(ledger, Path(arguments.out) / files[-1])
    for sentence in (*say_result(ledger), say_benefits(ledger), say_forecast(ledger), say_invoices(ledger),
                     say_watermelons(ledger)):  # fmt: skip
        say(sentence)
    say(f"Written to {arguments.out}: {', '.join(files)}", sys.stderr)
    return FINE


def write_lessons(arguments: argparse.Namespace) -> int:
    """Write the unit's next case: its ranges and times brought to what came, by how much was seen."""
    from sourcing.case import save_case
    from sourcing.pack import say_learned
    from sourcing.program import learn, save_lessons

    ledger, case = _open_ledger(arguments)
    lessons = learn(ledger, case)
    save_case(lessons.case, arguments.out, kind="csv")
    files = save_lessons(lessons, Path(arguments.out) / "learned")
    say(say_learned(lessons))
    say(f"Written to {arguments.out}: a case; in learned: {', '.join(files)}", sys.stderr)
    return FINE


def _open_ledger(arguments: argparse.Namespace) -> tuple[Any, Any]:
    """Open the ledger that a command names, with the unit's case."""
    from sourcing.case import load_case
    from sourcing.program import open_ledger, read_baseline

    baseline = read_baseline(arguments.run)
    case = load_case(arguments.case, baseline.business_unit)
    return open_ledger(baseline, case), case


def make_packs(arguments: argparse.Namespace) -> int:
    """Run a notebook for each business unit and write one decision pack each, an index and a manifest."""
    from sourcing.batch import run_packs

    levers = read_settings(arguments.set)
    units = None
    if arguments.units is not None:
        units = [each.strip() for each in arguments.units.split(",") if each.strip()]
    kind = "quiet" if arguments.quiet else arguments.format
    with Progress(kind) as progress, _stop_on_terminate():

        def begin(unit: str) -> None:
            progress.begin(unit)
            _push(arguments)

        def advance(outcome: Outcome) -> None:
            progress.advance(outcome)
            _push(arguments)

        try:
            run = run_packs(
                arguments.case, arguments.out, units=units, levers=levers, workers=arguments.workers,
                notebook=arguments.notebook, answers=arguments.answers, unit_seconds=arguments.time_limit,
                unit_megabytes=arguments.memory_limit, engine=arguments.engine, resume=arguments.resume,
                scheduler=arguments.scheduler, case_by=arguments.case_by,
                on_start=progress.start, on_begin=begin, on_unit=advance,
            )  # fmt: skip
        except KeyboardInterrupt:
            progress.stop("Go on with the same command and --resume.")
            return INTERRUPTED
        except OSError:
            if progress.units:
                progress.stop("Mend what follows, then go on with the same command and --resume.")
            raise
        progress.finish(run, f"{str(arguments.out).rstrip('/')}/index.html")
    return run.exit_code


def _push(arguments: argparse.Namespace) -> None:
    """Send what a run has written so far to where it belongs."""
    for mirror in arguments.mirrors:
        mirror.push()


def compare_two(arguments: argparse.Namespace) -> int:
    """Say what changed between two runs: data, levers, decisions, money, and which change caused which.

    Mixtures of the two cases are solved to find causes. Exit 0 whether or not anything changed.
    """
    from sourcing.batch import open_out, publishing
    from sourcing.case import require_no_inputs
    from sourcing.console import format_review
    from sourcing.pack import dump_json, write_review
    from sourcing.program import compare_runs, describe_review, require_no_run

    units = None
    if arguments.units is not None:
        units = [each.strip() for each in arguments.units.split(",") if each.strip()]
    if arguments.out is not None:
        require_no_inputs(arguments.out)
        require_no_run(arguments.out)
    options = {} if arguments.solves is None else {"solves": arguments.solves}
    review = compare_runs(
        arguments.before, arguments.after, units=units, **options,
        on_unit=lambda unit: say(f"Comparing {unit} …", sys.stderr),
    )  # fmt: skip
    say(dump_json(describe_review(review)).rstrip() if arguments.format == "json" else format_review(review))
    if arguments.out is not None:
        with publishing(open_out(arguments.out), ours=()) as aside:
            files = write_review(aside, review, arguments.before, arguments.after)
        say(f"Written to {arguments.out}: {', '.join(files)}", sys.stderr)
    return FINE


@contextmanager
def _stop_on_terminate() -> Iterator[None]:
    """Let a request to terminate, or a terminal that closes, end the run as Ctrl-C does: nothing half-written stays."""

    def stop(*_: object) -> NoReturn:
        raise KeyboardInterrupt

    asked = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    earlier = {each: signal.signal(each, stop) for each in asked}
    try:
        yield
    finally:
        for each, before in earlier.items():
            signal.signal(each, before)


def open_lab(arguments: argparse.Namespace) -> int:
    """Start JupyterLab at the list of the notebooks in order; an installed suite opens copies in this folder.

    The suite's own settings show that list as a page, not as its source, and keep JupyterLab from asking for news.
    """
    from sourcing.batch import open_workspace

    folder = open_workspace(Path.cwd())
    place = [f"--ServerApp.root_dir={folder}", "--LabApp.default_url=/lab/tree/notebooks/README.md"]
    place.append(f"--LabApp.app_settings_dir={Path(__file__).with_name('lab_settings')}")
    command = [sys.executable, "-m", "jupyterlab", *place, *arguments.rest]
    return subprocess.run(command, check=False, cwd=folder).returncode


def read_path(text: str) -> str:
    """Read an argument that is a path: one that a file can have on every usual system.

    Examples
    --------
    >>> read_path("data/tiny")
    'data/tiny'
    """
    if not text.strip() or "\0" in text:
        raise argparse.ArgumentTypeError(f"a path must name something, without NUL; got {text!r}")
    longest = max((len(os.fsencode(part)) for part in Path(text).parts), default=0)
    if longest > LONGEST_NAME:
        raise argparse.ArgumentTypeError(f"a name in a path must have at most {LONGEST_NAME} bytes; got {longest}")
    return text


def read_settings(settings: Sequence[str]) -> dict[str, str]:
    """Read `name=value` texts.

    Examples
    --------
    >>> read_settings(["price_of_fit=1500", "note=a=b"])
    {'price_of_fit': '1500', 'note': 'a=b'}
    """
    from sourcing.case import LEVERS

    levers: dict[str, str] = {}
    for setting in settings:
        name, equals, value = setting.partition("=")
        name = name.strip()
        if not equals or not name.isidentifier():
            raise InputError(f"--set must be NAME=VALUE; got {setting!r}. Hint: --set price_of_fit=1500.")
        if name in levers:
            raise InputError(f"A lever must be set once; got {name!r} twice in --set. Hint: drop one of them.")
        if not value.strip() and name in LEVERS:
            raise InputError(
                f"A lever must be set to something; got {setting!r} in --set. Hint: leave it out: then what the table "
                f"policy says holds, else its default."
            )
        levers[name] = value.strip()
    return levers
