"""Lists of any size: the contacts in columns, beside what there is of their consumers, partition by partition."""
