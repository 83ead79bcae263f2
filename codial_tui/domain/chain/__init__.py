"""What goes over from a document to another."""
