"""Flask's glue: access, forms, answers, headers, navigation. Knows core, no domain."""
