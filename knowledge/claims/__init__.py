"""What may be claimed of goods, where, until when, and what proves it: rules as data (`rules/*.toml`)."""
