"""What changed between two states of the book, for a reviewer: compared, weighed, written as a page and a comment."""
