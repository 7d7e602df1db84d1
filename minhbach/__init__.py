"""minhbach: assessment reports in which every printed number traces back to the cell it came from."""

__version__ = "0.1.0"
