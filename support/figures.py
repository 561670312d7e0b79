import support.housing.figures  # noqa: F401
