"""Reports of one course: read, put into words, and handed out as a file."""
