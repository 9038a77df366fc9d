"""Notifications: what clients wrote is told to a Notificaties API, which tells its subscribers."""
