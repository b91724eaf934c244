"""What pictures are like and what is wrong with them, before anything is trained on them."""
