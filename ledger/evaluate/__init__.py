"""Valuations: pure rules, from evidence to an answer or a refusal. A rule's answer is not an appraisal report."""
