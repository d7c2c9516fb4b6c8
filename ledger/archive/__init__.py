"""The archive: the log itself as files, before retention may take it; and what is made of it again."""
