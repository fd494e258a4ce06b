"""What people type in this room: about events, when they register or answer, about seats in bodies."""
