"""Errors of a lake, or of Spark. Each message has the next step."""

from __future__ import annotations

from schemas.errors import PromiseBroken, Unavailable, UsageError


class SparkMissing(Unavailable):
    """This command runs on Apache Spark, and its packages are not installed: {reason}. Install them with `pip install
    'ip-ledger[spark]'`; in a checkout, with `ops/install.sh .venv requirements-spark.lock`."""


class JavaUnsuitable(Unavailable):
    """Apache Spark needs Java 17 or newer: {reason}. Install it, or name its directory in JAVA_HOME."""


class NotALake(UsageError):
    """{path} is not a lake: {reason}. `ip-ledger spark replay --into DIR` creates one in a new or empty directory."""


class LakeFault(Unavailable):
    """The lake {path} cannot be read or written: {reason}. Nothing was committed. Check the disk and the permissions,
    on the driver and on each executor, which need the directory under the same path; then run the command again."""


class LakeOfOtherVersion(PromiseBroken):
    """The lake {path} was folded by version {found}, this program folds by version {wanted}. Nothing was written. Make
    another lake with `ip-ledger spark replay --into NEW`."""


class OtherChoice(UsageError):
    """The lake {path} has {what} {found}, not {wanted}, and keeps it for life. Leave the option out, or choose another
    directory."""


class CommitLost(Unavailable):
    """Another program wrote commit {number} of the lake {path} first. This run committed nothing. Run the command
    again: it continues at that commit."""


class LakeDamaged(PromiseBroken):
    """The lake {path} is damaged: {reason}. Nothing was committed. Do not use its figures. Make another one with
    `ip-ledger spark replay --into NEW`."""


class TaskFailed(Unavailable):
    """A task failed as often as Spark tries it: {reason}. Nothing was committed. The log of Spark, on stderr, names the
    executor; run the command again: it continues at the last commit."""
