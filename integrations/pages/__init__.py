"""The pages of a sitemap, fetched politely and saved in the home, so that they can be read as documents."""
