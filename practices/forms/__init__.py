"""What people type about practices."""
