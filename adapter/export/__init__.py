"""Files of `klantbrug export`: resources as lines of JSON, as CSV, or as Parquet."""
