"""Every kind of source as Markdown with a header: saved pages, PDF, DOCX, tables."""
