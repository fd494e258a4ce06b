"""The roof of the API: addresses of the resources that rooms announce, the OpenAPI document, the page about it."""
