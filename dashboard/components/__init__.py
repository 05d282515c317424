"""Parts of pages: each takes what a view model says and returns components."""
