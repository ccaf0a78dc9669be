"""Pages of entry, review and progress: each view turns HTTP into one call and its answer back."""
