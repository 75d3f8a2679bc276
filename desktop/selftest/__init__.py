"""`--self-test`: what a bundle proves of itself."""
