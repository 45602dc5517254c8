"""The processes of a shop on one machine: kept running, and a PostgreSQL and a Chroma to try things with."""
