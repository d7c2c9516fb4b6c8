"""The data of the events: what each type says. Frozen, strict, unknown fields refused."""
