"""The QR code of a credential, as a picture that a page carries in itself."""

from __future__ import annotations

import base64
import io


def picture_of(address: str) -> str:
    """A data: address of an SVG with the QR code of an address (ISO/IEC 18004; level M mends 15 % of damage)."""
    import qrcode
    from qrcode.image.svg import SvgPathFillImage

    code = qrcode.make(
        address, image_factory=SvgPathFillImage, error_correction=qrcode.constants.ERROR_CORRECT_M, border=2
    )
    out = io.BytesIO()
    code.save(out)
    return "data:image/svg+xml;base64," + base64.b64encode(out.getvalue()).decode()
