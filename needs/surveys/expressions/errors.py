from typing import Any


class ExpressionError(ValueError):
    """What is wrong with an expression: a code for machines, a sentence for people, the character where (from 1)."""

    def __init__(self, code: str, message: Any, position: int) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.position = position

    def __str__(self) -> str:
        return str(self.message)
