"""The page that shows what went over the network, and what is kept where."""
