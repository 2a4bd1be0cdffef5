"""What follows for one patient: options and their status, what stands for them, what would change them."""
