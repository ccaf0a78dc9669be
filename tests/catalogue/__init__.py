"""The catalogue files, the regions and the published figures."""
