"""Files that are localized: read, filled with renderings and written again as they were; memory and terms kept."""
