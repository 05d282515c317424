"""Pure functions: from a plan to what a component shows. No component is known here."""
