"""An independent proof checker: it re-derives every step from its premises and shares no code with the engine."""
