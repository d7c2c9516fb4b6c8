"""The log folded by Apache Spark into a lake: the tables of a book as Parquet files, and numbered commits.

See docs/spark.md and docs/decisions/0024-a-lake-by-commits.md.
"""
