"""What the field app says, by the names that its scripts use; ``{places}`` are filled in there."""

from __future__ import annotations

from typing import Any

from eom.core.i18n import lazy

WORDS: dict[str, Any] = {
    "app": lazy("Field app"),
    "language": lazy("Language"),
    "online": lazy("Connected"),
    "offline": lazy("No connection"),
    "today": lazy("Today"),
    "outbox": lazy("Outbox"),
    "sign-out": lazy("Sign out"),
    "sign-in": lazy("Sign in"),
    "today-of": lazy("Your day, {name}"),
    "stations-on": lazy("Stations of {day}"),
    "planned": lazy("{order}. in your plan: be there at {arrives}, leave at {leaves}"),
    "drafts": lazy("Drafts"),
    "forms": lazy("Checklists"),
    "cancel": lazy("Cancel"),
    "delete": lazy("Delete"),
    "delete-named": lazy("Delete: {name}"),
    "incident": lazy("Critical incident"),
    "safe": lazy("I am safe"),
    "safe-title": lazy("I am safe"),
    "safe-question": lazy("Tell headquarters that you are safe?"),
    "safe-queued": lazy("Kept with its time. It is sent as soon as there is a connection."),
    "state-draft": lazy("Draft: go on"),
    "state-waiting": lazy("Waits to be sent"),
    "state-done": lazy("Sent"),
    "to-fill": lazy("To fill in"),
    "due-now": lazy("Due now"),
    "due-late": lazy("Overdue"),
    "due-from": lazy("Due from {time}"),
    "fill-in": lazy("Fill in"),
    "saved-at": lazy("Saved {time}"),
    "draft-delete-question": lazy("Delete this draft? Its answers and photos are lost."),
    "getting-ready": lazy("Getting ready to work with no network: keep this page open."),
    "ready-offline": lazy("Ready: this page now opens with no network."),
    "never-loaded": lazy(
        "Nothing has been loaded on this device yet. Open this page once with a connection."
    ),
    "no-stations": lazy(
        "No station is assigned to you. You can fill a checklist at another station; ask your "
        "coordinator to assign yours."
    ),
    "no-forms": lazy("The mission has published no checklists yet."),
    "no-form": lazy("This checklist is not on this device. Open the app once with a connection."),
    "failed": lazy("This page could not be opened. Go back to “Today” and try again."),
    "kept-always": lazy("Every answer is kept on this device at once."),
    "kept": lazy("Kept on this device."),
    "not-kept": lazy(
        "The last answers could not be kept on this device. Stay on this page; every change tries again."
    ),
    "full": lazy(
        "This device has no space left, so the last change could not be kept. Stay on this page, "
        "send what waits or delete pictures and other files, then go on."
    ),
    "short": lazy(
        "Little space is left on this device. Send what waits, or delete pictures and other files."
    ),
    "queued": lazy("The checklist waits in the outbox and is sent as soon as there is a connection."),
    "draft-elsewhere": lazy(
        "This draft is open in another tab of this device. Close it there and open it again here."
    ),
    "photo-waits": lazy("The photo is being made smaller. Send when it is shown."),
    "send-again": lazy("Send again"),
    "send-again-named": lazy("Send again: {name}"),
    "send-now": lazy("Send now"),
    "save-file": lazy("Save the outbox as a file"),
    "load-file": lazy("Load an outbox from a file"),
    "load-done": lazy("Records loaded from the file: {count}."),
    "load-wrong": lazy(
        "This is no outbox that you saved in this mission. Choose the file that was saved here."
    ),
    "waiting-count": lazy("Waiting: {count}"),
    "received-count": lazy("Received by headquarters: {count}"),
    "nothing-waits": lazy("Nothing waits to be sent."),
    "nothing-received": lazy("Nothing has been received yet."),
    "record-waiting": lazy("Waiting"),
    "record-sending": lazy("Sending"),
    "record-refused": lazy("Not taken"),
    "received-at": lazy("Received {time}"),
    "written-at": lazy("written {time}"),
    "with-files": lazy("files: {count}"),
    "files-missing": lazy("Files that did not arrive: {files}."),
    "record-delete-question": lazy(
        "Delete this record? It has not been received by headquarters and is lost."
    ),
    "sending-now": lazy("Sending…"),
    "hindered-offline": lazy("There is no connection. Everything stays here until there is."),
    "hindered-busy": lazy("Headquarters cannot take it at the moment."),
    "hindered-signin": lazy("Sign in again as the same person: what waits is kept and sent then."),
    "hindered-other": lazy(
        "Another person is signed in. What waits here is sent when its own person signs in."
    ),
    "next-try": lazy("Next try: {time}."),
    "sign-in-again": lazy(
        "You are no longer signed in. What waits is kept; sign in again as {name} to send it."
    ),
    "signed-out": lazy("You are signed out. Sign in to see your day."),
    "signed-out-offline": lazy(
        "You are signed out and there is no connection. Sign in as soon as there is one."
    ),
    "not-yours": lazy("You are not part of this mission, or your role does not include filling checklists."),
    "others-wait": lazy(
        "Records of another person wait on this device: {count}. They are sent when that person signs in."
    ),
    "new-version": lazy("A new version of the app is ready. Drafts and the outbox stay as they are."),
    "load-version": lazy("Load the new version"),
    "sign-out-question": lazy("Sign out? What the app keeps of you on this device is deleted."),
    "sign-out-waiting": lazy(
        "Drafts and records that are not sent: {count}. They stay on this device, locked, until "
        "you sign in again. Sign out?"
    ),
    "sign-out-offline": lazy("There is no connection, so you cannot sign out now."),
}


def words() -> dict[str, str]:
    """The texts in the language of the moment."""
    return {name: str(text) for name, text in WORDS.items()}
