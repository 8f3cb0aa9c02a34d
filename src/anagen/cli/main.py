"""Entry of the `anagen` command: the commands, and how every error leaves."""

from __future__ import annotations

import gc
import os
import re
import sys
from typing import Annotated

import typer

from anagen.errors import AnagenError, PregnancyStop

from .analyse import analyse_command
from .card import card_command
from .claims import claims_command
from .compare import compare_command
from .diary import diary_app
from .doctor import doctor_command
from .export import export_app
from .fit import fit_command
from .product import product_command
from .rerun import rerun_command
from .serve import serve_command
from .simulate import simulate_command
from .trial import trial_command
from .validate import validate_command

PURPOSE = """Computes what a regimen of isotretinoin does to hair, skin and blood over months, in groups of simulated
adults, and how sure anyone can be. It informs; it does not diagnose, prescribe or choose a dose.

NEVER in pregnancy or where pregnancy may occur: any amount, even for a short time, can cause severe birth defects."""

INTERRUPTED = 130

app = typer.Typer(
    help=PURPOSE,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
app.command("simulate", help="Simulate one regimen for one person and people like them.")(simulate_command)
app.command("compare", help="Regimens side by side, in the same simulated people.")(compare_command)
app.command("analyse", help="The treatment analysis: ratings, regimens, claims and evidence, as one page.")(
    analyse_command
)
app.command("trial", help="A trial from a file: arms over the same simulated people, with rules, into a folder.")(
    trial_command
)
app.command("claims", help="What people read about the drug, checked: all, one card, or a search by words.")(
    claims_command
)
app.command("validate", help="Studies it was not fitted to, simulated as they were done: how often the model holds.")(
    validate_command
)
app.command("card", help="The model card: what the model is for, on what it rests, where it fails, who checked it.")(
    card_command
)
app.add_typer(
    export_app,
    name="export",
    help="For other programs: SBML, NONMEM-style data, FHIR.",
)
app.command("product", help="What a brand name is: form, strengths, countries.")(product_command)
app.add_typer(
    diary_app, name="diary", help="Your own record: doses, counts, labs, events; what it shows, and how sure."
)
app.command("fit", help="Which effluvium a record shows, and how sure that is. Clinicians and research only.")(
    fit_command
)
app.command("rerun", help="Repeat a result from its own file, and say whether it comes out the same.")(rerun_command)
app.command("serve", help="The web page on this machine: explore doses, the analysis, claims, the diary, trials.")(
    serve_command
)
app.command("doctor", help="Say what this installation is and whether it works.")(doctor_command)


def _version(wanted: bool) -> None:
    if wanted:
        from anagen import __version__

        typer.echo(f"anagen {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and leave.")
    ] = False,
) -> None:
    pass


def run() -> None:
    """`main`, and then out at once: taking the engine down piece by piece would keep the reader for half a second."""
    code: object = 0
    try:
        main()
    except SystemExit as left:
        code = left.code
    except OSError as error:
        code = _unwritten(error)
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream and not stream.closed:  # a stream may have been closed before we began
                stream.flush()
    except BrokenPipeError:  # the reader of our output went away
        code = code or 141
    except OSError as error:
        code = code or _unwritten(error)
    os._exit(code if isinstance(code, int) else bool(code))


def _unwritten(error: OSError) -> int:
    """Say that what was printed found no room (`> file` on a full disk); any other fault goes on."""
    if error.filename is not None:
        raise error
    print(f"anagen: the output cannot be written: {error.strerror}", file=sys.stderr)
    return AnagenError.exit_code


def main() -> None:
    """Run the command line; exit code 0, 2 for input that cannot be used, 3 for pregnancy, 130 for Ctrl-C."""
    gc.set_threshold(200_000, 20, 20)  # start-up makes many objects and little garbage
    try:
        app([f" {text}" if re.match(r"-\s*[\d.]", text) else text for text in sys.argv[1:]])  # "-20 mg" is no option
    except PregnancyStop:
        from .notices import pregnancy_stop

        pregnancy_stop(as_json="--json" in sys.argv)
        sys.exit(PregnancyStop.exit_code)
    except AnagenError as error:
        print(f"anagen: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, SystemExit) as left:
        if isinstance(left, SystemExit) and left.code != INTERRUPTED:  # typer turns Ctrl-C into this code
            raise
        print("\nanagen: stopped; nothing was written.", file=sys.stderr, flush=True)
        os._exit(INTERRUPTED)  # the engine's threads are still at work, and would be torn down under their feet
    except BrokenPipeError:
        # The reader of our output went away (`| head`); leave without a second error at shutdown.
        sys.stderr.close()
        sys.exit(141)
