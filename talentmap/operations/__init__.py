"""Running the platform: serving, preparing, backing up and restoring it."""
