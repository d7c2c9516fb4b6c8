"""Legal events of patents, which the European Patent Office (EPO) collects from other offices (INPADOC)."""
