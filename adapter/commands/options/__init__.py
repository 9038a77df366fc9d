"""The options of the commands, by groups of commands."""
