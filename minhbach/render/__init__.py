"""From an executed notebook to a report: one Markdown text, one Lua filter, one template, two engines."""
