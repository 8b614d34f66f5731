"""The line as a process: settings, assembly, reload, logs and metrics."""
