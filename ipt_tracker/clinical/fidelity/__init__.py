"""How a session was done: adherence and quality as two numbers, never one."""
