"""What can be shown of a flow: checker, explorer and probe."""

SUPPRESSIONS = "suppressions.yaml"  # the file beside a flow: findings that somebody stands by
