"""Network architectures, one family a file; they know no loss, no optimizer and no device."""
