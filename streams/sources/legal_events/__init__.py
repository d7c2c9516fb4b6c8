"""Legal events of patents, as the European Patent Office (EPO) collects them from offices (INPADOC)."""
