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
        "{n} question with error.": _("{n} answer is missing or not right."),
        "{n} questions with errors.": _("{n} answers are missing or not right."),
        "Condition not satisfied: required": _("This answer is needed."),
        "Condition not satisfied: constraint": _("This answer breaks a rule of the form."),
        "Okay": _("Understood"), "Rank items": _("Put in order"), "Move up": _("Move up"), "Move down": _("Move down"),
        "Menu": _("Menu"), "Repeat Item": _("Row"),
    } | _of_files() | _of_calendars() | _of_maps() | _of_faults()  # fmt: skip


def _of_files() -> dict[str, str]:
    return {
        "Choose file": _("Choose a file"), "Recording chosen": _("Recording chosen"), "Film chosen": _("Film chosen"),
        "File chosen": _("File chosen"),
        "The file is larger than {n} MB.": _("The file is larger than %(limit)s MB.", limit="{n}"),
    }  # fmt: skip


def _of_calendars() -> dict[str, str]:
    return {
        "Today": _("Today"), "Clear": _("Clear"), "Choose Month": _("Choose a month"), "Choose Year": _("Choose a year"),
        "Previous Month": _("Month before"), "Next Month": _("Month after"), "Previous Year": _("Year before"),
        "Next Year": _("Year after"),
    }  # fmt: skip


def _of_maps() -> dict[str, str]:
    """The words around a map on which a place, a line or an area is drawn."""
    return {
        "Save location": _("Keep this place"), "Time taken to capture location:": _("Time it has taken:"),
        "Full Screen": _("Full screen"), "Zoom to fit": _("Show all of it"),
        "Zoom to current location": _("Show where I am"), "Delete": _("Delete"), "Undo last change": _("Undo the last change"),
        "No point saved": _("No place kept yet"), "No trace saved": _("No line kept yet"), "No shape saved": _("No area kept yet"),
        "Point saved": _("Place kept"), "Trace saved": _("Line kept"), "Shape saved": _("Area kept"),
        "Feature saved": _("Choice kept"), "{n} points saved": _("{n} points kept"), "View details": _("Details"),
        "Remove point": _("Remove the place"), "Save selected": _("Keep this choice"), "Save": _("Save"),
        "Tap to place a point": _("Tap to set a point"), "Tap to move point": _("Tap to move the point"),
        "Press and drag to move a point": _("Press and drag to move a point"),
        "Use the location button to center on your current location": _("The round button shows where you are"),
        "Delete entire shape?": _("Delete the whole area?"), "Delete entire trace?": _("Delete the whole line?"),
        "Are you sure you want to delete this entire shape and start over?": _("All its points go, and you begin anew."),
        "Are you sure you want to delete this entire trace and start over?": _("All its points go, and you begin anew."),
        "Advanced": _("Coordinates"), "Longitude": _("Longitude"), "Latitude": _("Latitude"), "Altitude": _("Altitude"),
        "Accuracy": _("Accuracy"), "Import data to replace location": _("Replace it by coordinates"),
        "Paste data in ODK format": _("Coordinates as ODK writes them"), "Upload a GeoJSON file": _("A GeoJSON file"),
        "Upload file": _("Choose a file"),
    }  # fmt: skip


def _of_faults() -> dict[str, str]:
    return {
        "File is empty.": _("The file is empty."),
        "Incorrect geometry type.": _("This is another kind of shape than the question asks for."),
        "Unsupported file type. Please upload a .geojson file.": _("Choose a file that ends in .geojson."),
        "Failed to parse file. Ensure it is a valid GeoJSON.": _("The file is no GeoJSON."),
        "Graphics issue detected": _("The map cannot be drawn"),
        "Your browser cannot display the map now. Enable graphics acceleration settings.": _(
            "The browser cannot draw the map now: switch on graphics acceleration in its settings."
        ),
        "An error occurred while loading this form": _("The form cannot be shown"),
        "Technical error details": _("Details for whoever mends it"),
    }  # fmt: skip
