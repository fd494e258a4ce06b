"""The pages of this room: the catalogue for everybody, the board of a host's office, the import."""
