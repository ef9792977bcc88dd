"""A checklist of twenty questions and submissions of it, as ODK Collect sends them."""

from __future__ import annotations

from tests.checklists.workbooks import book

HEAD = ["type", "name", "label", "required", "relevant", "constraint"]
QUESTIONS = [
    ["start", "start", "", "", "", ""],
    ["end", "end", "", "", "", ""],
    ["deviceid", "deviceid", "", "", "", ""],
    ["select_one_from_file stations.csv", "station", "Station", "yes", "", ""],
    ["time", "arrival", "Time of arrival", "yes", "", ""],
    ["select_one yes_no", "opened", "Did it open on time?", "yes", "", ""],
    ["integer", "late_minutes", "Minutes late", "yes", "${opened} = 'no'", ". > 0 and . < 600"],
    ["select_multiple cause", "late_cause", "Why", "yes", "${opened} = 'no'", ""],
    ["integer", "members", "Members of the board", "yes", "", ". >= 0 and . <= 20"],
    ["integer", "women", "Women among them", "yes", "", ". >= 0 and . <= ${members}"],
    ["select_one yes_no", "materials", "Materials complete", "yes", "", ""],
    ["text", "materials_missing", "What is missing", "yes", "${materials} = 'no'", ""],
    ["integer", "ballots", "Ballots received", "yes", "", ". >= 0 and . <= 100000"],
    ["select_one yes_no", "empty", "Box shown empty", "yes", "", ""],
    ["select_one yes_no", "sealed", "Box sealed", "yes", "", ""],
    ["select_one yes_no", "secret", "Booth secures secrecy", "yes", "", ""],
    ["select_multiple party", "agents", "Agents present", "", "", "not(selected(., 'none') and count-selected(.) > 1)"],
    ["select_one security", "security", "Security forces", "yes", "", ""],
    ["select_one yes_no", "access", "Access for persons with disabilities", "yes", "", ""],
    ["decimal", "queue_metres", "Length of the queue", "", "", ". >= 0"],
    ["select_one conduct", "conduct", "Overall conduct", "yes", "", ""],
    ["text", "remarks", "Remarks", "", "", "string-length(.) <= 1000"],
    ["geopoint", "place", "Position", "", "", ""],
]  # fmt: skip
LISTS = {
    "yes_no": ("yes", "no", "not_observed"),
    "cause": ("materials", "members", "weather"),
    "party": ("blue", "green", "red", "none"),
    "security": ("outside", "inside", "none"),
    "conduct": ("very_good", "good", "poor", "very_poor"),
}
FORM_ID = "twenty"


def workbook() -> bytes:
    """The XLSForm."""
    choices = [["list_name", "name", "label"]]
    choices += [[name, value, value.title()] for name, values in LISTS.items() for value in values]
    settings = [["form_id", "form_title", "version"], [FORM_ID, "Twenty questions", "1"]]
    return book([HEAD, *QUESTIONS], choices, settings)


# As ODK Collect 2026 writes it; STATION and INSTANCE are put in for each.
SUBMISSION = (
    "<?xml version='1.0' ?>"
    '<data xmlns:jr="http://openrosa.org/javarosa" xmlns:orx="http://openrosa.org/xforms" id="twenty" version="1">'
    "<start>2019-10-20T07:40:00.000-04:00</start><end>2019-10-20T08:20:00.000-04:00</end>"
    "<deviceid>collect:jgTxiV3QvGK9T5ow</deviceid><station>STATION</station><arrival>07:30:00.000-04:00</arrival>"
    "<opened>yes</opened><members>5</members><women>3</women><materials>yes</materials>"
    "<ballots>220</ballots><empty>yes</empty><sealed>yes</sealed><secret>yes</secret>"
    "<agents>blue green</agents><security>outside</security><access>yes</access>"
    "<queue_metres>12.5</queue_metres><conduct>good</conduct>"
    "<remarks>Sin novedad: la mesa se instaló con todos sus integrantes y los delegados presentes.</remarks>"
    "<place>-16.4957 -68.1335 3640.0 4.8</place>"
    "<meta><instanceID>uuid:INSTANCE</instanceID></meta></data>"
)
