"""The pages of casework, one module a theme."""
