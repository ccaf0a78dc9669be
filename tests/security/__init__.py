"""Security: who may do what, over every address; hostile requests."""
