"""What a run of the check of letters found, in the forms that people, editors and code hosts read."""
