"""What the constructs of the language are made of: kinds of values, and the documents that they are about."""
