"""Merkle trees of RFC 6962, in the tiles of C2SP tlog-tiles. Pure: standard library, no I/O."""
