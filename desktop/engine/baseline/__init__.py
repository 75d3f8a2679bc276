"""The bare libraries that Cellar is compared with, each in a child process of its own."""
