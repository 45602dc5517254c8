"""The demo shop: Amberquay, a brand that sells across borders. Copy this folder to start your own."""
