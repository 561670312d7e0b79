"""The pages of survey campaigns."""
