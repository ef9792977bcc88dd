"""What ODK Web Forms writes itself, in the reader's language."""

from __future__ import annotations

from eom.core.i18n import _


def words() -> dict[str, str]:
    """What ODK Web Forms itself writes, in English, with the same in the reader's language."""
    return {
        "Send": _("Send"), "Cancel": _("Cancel"), "Close": _("Close"), "Remove": _("Remove"), "Add": _("Add"),
        "Choose image": _("Choose a picture"), "Take picture": _("Take a picture"), "No file chosen": _("No file chosen"),
        "Captured image preview": _("The chosen picture"), "Remove selection": _("Take the choice away"),
        "Get location": _("Find where I am"), "Try again": _("Try again"), "Finding your location": _("Finding where you are"),
        "Capturing location...": _("Finding where you are"), "Good accuracy": _("Precise"), "Poor accuracy": _("Not precise"),
        "Unknown accuracy": _("Precision unknown"), "Cannot access location": _("Your position cannot be read"),
        "Grant location permission in the browser settings and make sure location is turned on.": _(
            "Allow the browser to read your position, and turn it on."
        ),
        "Location unavailable. Enable GPS and browser permissions, then restart the form to try again.": _(
            "Allow the browser to read your position, and turn it on."
        ),
        "No results found": _("Nothing matches"), "No available options": _("Nothing to choose"),
        "change language": _("Language of the form"), "Change language": _("Language of the form"),
        "Search...": _("Search"), "Powered by": _("Made with"), "Choose Date": _("Choose a date"),
        "Previous Hour": _("Hour before"), "Next Hour": _("Hour after"), "Previous Minute": _("Minute before"),
        "Next Minute": _("Minute after"), "Required": _("Required"),
        "Loading": _("Loading…"),
        "Condition not satisfied: required": _("This answer is needed."),
        "Condition not satisfied: constraint": _("This answer breaks a rule of the form."),
    }  # fmt: skip
