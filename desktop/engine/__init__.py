"""Running a model: the child process that holds it, and the client that talks to that child."""
