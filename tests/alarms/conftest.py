from tests.databases import database, engine_of_records, postgres, postgres_server

__all__ = ["database", "engine_of_records", "postgres", "postgres_server"]
