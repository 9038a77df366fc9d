"""Metrics and traces with OpenTelemetry, for deployments that ask for them by its environment variables.

Nothing here, and nothing of OpenTelemetry, is loaded or called for others: the parts that are watched
(`api.gate`, `registers.reports`, `engine.deployment`, `state.locks`) look whether somebody does.
"""
