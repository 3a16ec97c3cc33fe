"""What is due and overdue, for everybody whom the actor may see."""
