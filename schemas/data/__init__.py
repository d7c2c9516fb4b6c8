"""The data of each type of event. Models are frozen and strict, and reject unknown fields."""
