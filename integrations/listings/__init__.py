"""Files of the marketer: facts and listings read from tables, written as channels take them, and sign-offs."""
