"""The last answer of `ivr plan`, out of the file that IVR_PLAN_ANSWER names. It is read anew each time, and never made
here: a plan takes minutes."""

import json
from datetime import datetime
from typing import Any

from flask import render_template

from ivr.base.clock import OSLO
from ivr.operations.console.context import ConsoleContext
from ivr.planner.page import sections

_MOST_BYTES = 20_000_000


def last_plan(desk: ConsoleContext) -> str:
    if desk.plan_answer is None:
        return render_template("console/plan.html", why="no_file")
    try:
        about = desk.plan_answer.stat()
        if about.st_size > _MOST_BYTES:
            raise ValueError("too large")
        answer: Any = json.loads(desk.plan_answer.read_text("utf-8"))
        planned = sections(answer)
        name = str(answer["name"])
    except OSError:
        return render_template("console/plan.html", why="no_answer")
    except (ValueError, TypeError, KeyError, AttributeError):
        return render_template("console/plan.html", why="unreadable")
    made = datetime.fromtimestamp(about.st_mtime, OSLO)
    return render_template("console/plan.html", name=name, made=made, planned=planned)
