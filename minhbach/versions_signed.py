"""A signed report as it was before it was signed: a signature is an update after the end, and nothing else is."""

from __future__ import annotations

from minhbach import evidence_seal


def unsigned(pdf: bytes) -> bytes:
    """A sealed PDF without the signatures after its seal; any other file as it is."""
    seal = evidence_seal.read(pdf)
    if seal is None or not seal.holds:
        return pdf
    signatures = [signs for _, _, signs in evidence_seal.revisions(pdf, seal)]
    return pdf[: seal.end] if signatures and all(signatures) else pdf
