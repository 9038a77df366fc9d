"""What each command of `klantbrug` does; every one imports what it needs when it runs."""
