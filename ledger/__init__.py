"""What is kept, shown and proven: posting, the book, views, audit, commands."""
