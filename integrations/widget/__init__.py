"""The storefront channel: HTTP API, events, the widget, the demo storefront. The only home of FastAPI."""
