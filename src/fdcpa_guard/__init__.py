"""Audit and pre-check of debt-collection contacts against dated, cited law."""
