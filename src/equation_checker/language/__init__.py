"""What equations are made of: the tree, the notation, functions, sizes, printing, errors."""
