"""The items of a log on disk, partitioned by consumer, as columns: what audits of any size are judged from."""
