"""What figures are measured with, and what offices count themselves: rates, populations, statistical tables."""
