"""What is remembered of calls, in SQLite or PostgreSQL. Never in the path of a call.

Imported only where records are kept or read: SQLAlchemy takes longer to load than a call takes to answer.
"""
