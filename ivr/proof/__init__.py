"""What can be shown of a flow: checker, explorer and probe."""
