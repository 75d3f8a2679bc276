"""NNCF walks graphs with it; what it draws and computes with other libraries is not used."""

excludedimports = ["scipy", "matplotlib", "pandas", "pydot", "pygraphviz", "sympy", "lxml"]
