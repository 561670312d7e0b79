"""The pages of growth paths: one's own, a journey, its ticks, the office's lists, the templates and their editor."""
