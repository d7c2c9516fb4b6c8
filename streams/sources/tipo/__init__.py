"""Files of the Taiwan Intellectual Property Office (TIPO)."""
