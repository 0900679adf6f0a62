"""From LaTeX to trees, directed by the notation."""
