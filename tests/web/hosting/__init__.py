"""What a host sets and watches."""
