"""What the window needs of the disk beside chats and models: settings, what is kept, reports."""
