"""The reading column: messages, their Markdown, selection and scrolling."""
