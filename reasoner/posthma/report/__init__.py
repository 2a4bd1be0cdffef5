"""An answer as text, JSON or Turtle. Every sentence is made from the structure of the answer; nothing is added."""

NOTICE = (
    "Decision support for professionals in haematology: it informs and never decides. "
    "Check every statement against its source before you act on it."
)
