"""What is said: values, events, the codec. Pure: no I/O, no clock, no environment."""
