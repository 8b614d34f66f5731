"""What every room uses: errors, clock, strict YAML, telephone numbers. Imports no other room."""
