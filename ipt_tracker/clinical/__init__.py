"""What is clinically true; no framework, no database, no clock."""
