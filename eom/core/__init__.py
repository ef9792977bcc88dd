"""What every domain may use and that knows no domain and no HTTP."""
