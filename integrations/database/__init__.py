"""Storage in SQL: SQLite by default, the same on PostgreSQL. The only home of SQLAlchemy."""
