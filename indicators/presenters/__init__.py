"""What pages of entry, review and progress show, ready for templates that compute nothing."""
