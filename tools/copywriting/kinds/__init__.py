"""Kinds of campaign copy, a file each."""
