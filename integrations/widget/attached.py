"""What may be attached."""

MOST_FILE_BYTES = 8_000_000
MEDIA_TYPES = ("image/jpeg", "image/png", "image/webp", "application/pdf")
