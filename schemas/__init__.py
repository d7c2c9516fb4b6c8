"""The vocabulary of the ledger: values, events and the codec. Pure: no I/O, no clock, no environment."""
