"""The API under ``/api/v1``: routes, shapes and their OpenAPI description."""
