"""`python -m leyden ...`: everything the browser does, for scripts and benchmarks.

Exit codes: 0; 1 the run failed or was stopped; 2 bad usage, data or spec, with one clear sentence on stderr.
"""

import sys
from collections.abc import Sequence

import typer
from typer.exceptions import TyperException

from leyden.cli import data, explore, queue, runs, serve, spec
from leyden.cli.output import say
from leyden.cli.waiting import JobFailed
from leyden.errors import LeydenError

app = typer.Typer(
    name="leyden",
    help="A self-hosted web bench for deep-learning experiments.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("import")(data.import_)
app.command()(runs.train)
app.command()(runs.predict)
app.command()(data.datasets)
app.command()(explore.runs)
app.command()(explore.compare)
app.command()(explore.label)
app.command("show")(runs.show_run)
app.command()(runs.report)
app.command()(runs.stop)
app.command()(runs.resume)
app.command()(runs.delete)
app.command()(queue.queue)
app.command()(spec.architectures)
app.command()(spec.spec)
app.command()(serve.serve)
app.command()(serve.supervise)
app.command()(serve.token)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command.

    Returns:
        The exit code.
    """
    try:
        code = app(args=arguments, prog_name="python -m leyden", standalone_mode=False)
    except JobFailed as failure:
        say(f"leyden: {failure}")
        return 1
    except LeydenError as error:
        say(f"leyden: {error}")
        return 2
    except TyperException as error:
        message = error.format_message()
        # Without a command, typer raises the whole help as an error.
        say(message if message.startswith("Usage:") else f"leyden: {message}")
        return 2
    except (KeyboardInterrupt, typer.Abort):
        say("leyden: interrupted; what was queued goes on.")
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    return code if isinstance(code, int) else 0
