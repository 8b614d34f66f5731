"""Figures for people: a table for the terminal, a page that prints well. Pure: figures in, text out.

Must not know the database, the directory or files: the names of centres and counties come in.
"""
