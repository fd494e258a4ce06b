"""The pages of this room: the calendar for everybody, bodies, the organisers' boards, registering, invitations."""
