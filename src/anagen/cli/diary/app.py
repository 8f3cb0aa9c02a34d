"""The commands of `anagen diary`, by name."""

from __future__ import annotations

import typer

from .check import check_command
from .keep import add_command, change_command, new_command, wipe_command, withdraw_command
from .move import export_command, import_command
from .report import report_command
from .show import history_command, list_command

diary_app = typer.Typer(no_args_is_help=True)
diary_app.command("new", help="Make a diary: one file in a folder, with a passphrase if you wish.")(new_command)
diary_app.command("add", help="Write an entry: `add count 14 comb`, `add dose 20 mg`; `add kinds` lists all.")(
    add_command
)
diary_app.command("list", help="What stands in the diary, by time.")(list_command)
diary_app.command("change", help="Correct an entry: `change 12 hairs=15`. The older one stays in the history.")(
    change_command
)
diary_app.command("withdraw", help="Let an entry no longer count. It stays in the history.")(withdraw_command)
diary_app.command("history", help="Everything that was ever written about an entry.")(history_command)
diary_app.command("check", help="Ask about what looks impossible or doubtful. Changes nothing by itself.")(
    check_command
)
diary_app.command("import", help="Read entries from a file, CSV or JSON: all or none, unless you say so.")(
    import_command
)
diary_app.command("export", help="Write the entries to a file; your own words only if you say so.")(export_command)
diary_app.command("report", help="What the diary shows; -o writes two pages.")(report_command)
diary_app.command("wipe", help="Remove the diary for good, with its backups.")(wipe_command)
