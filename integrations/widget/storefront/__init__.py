"""The demo storefront: a small shop in which the widget is used. Pages are made here, scripts and styles are in static/."""
