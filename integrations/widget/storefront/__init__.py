"""The demo storefront: a small shop in which the widget is used. Its scripts and styles are in static/storefront."""
