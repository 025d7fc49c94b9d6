"""What was said: the tables, what their wording allows, what was public when, and who stands behind a figure."""
