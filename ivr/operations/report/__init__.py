"""Figures for people: a table for the terminal, a page that prints well. Pure: figures in, text out."""
