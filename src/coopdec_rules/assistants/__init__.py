"""What assistants are served over the Model Context Protocol: tools, resources, a prompt.

``told`` words what the advisor answers, in French and briefly; ``library`` the rulebook itself;
``server`` offers both by the official SDK, which only it imports.
"""
