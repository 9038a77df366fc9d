"""Notifications to subscribers."""
