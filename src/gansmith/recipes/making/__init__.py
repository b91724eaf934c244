"""From a recipe's packages to its data set: one kind of recipe a file."""
