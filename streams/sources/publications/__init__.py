"""Publications of patents by any office: applications, and grants."""
