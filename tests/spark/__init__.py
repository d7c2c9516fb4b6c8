"""Tests on a real Apache Spark, which `make spark` installs. Without it they are skipped."""
