"""The archive: the log itself as files, before retention may delete it, and books and logs restored from them."""
