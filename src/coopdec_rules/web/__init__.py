"""The HTTP service: an API under ``/api/v1`` and a form that works without JavaScript."""
