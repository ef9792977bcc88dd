"""The QR code that sets ODK Collect up: one scan gives it the address with the device's secret."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass

from eom.checklists.openrosa import settings_code


@dataclass(frozen=True)
class SetUp:
    """What a device is told once: its address, as text and as a picture (a data: address of an SVG)."""

    address: str
    picture: str


def set_up(address: str, project: str) -> SetUp:
    """The set-up of a device: ``address`` without a slash at its end, ``project`` the name that Collect shows."""
    import qrcode
    from qrcode.image.svg import SvgPathFillImage

    code = qrcode.make(
        settings_code(address, project),
        image_factory=SvgPathFillImage,
        error_correction=qrcode.constants.ERROR_CORRECT_L,
        border=4,
    )
    out = io.BytesIO()
    code.save(out)
    return SetUp(address, "data:image/svg+xml;base64," + base64.b64encode(out.getvalue()).decode())
