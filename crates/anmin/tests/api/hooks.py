"""What a generator cannot know: request keys are made by the server, and identifiers are of things that are there."""

import json
import os
import random
import re
import urllib.request

import schemathesis

BASE = os.environ["ANMIN_API_URL"] + "/api/v1"
TOKEN = os.environ["ANMIN_API_TOKEN"]
# Identifiers that are there, by the name they have in a path.
KNOWN = json.loads(os.environ["ANMIN_API_KNOWN"])
KEY = "X-Anmin-Request"
HEX = re.compile(r"[0-9a-f]{32}")
# How often a made-up identifier is put in another's place.
OFTEN = 0.7


def made_key(command):
    """A request key for a command, as the server makes it."""
    headers = {"content-type": "application/json", "authorization": "Bearer " + TOKEN}
    body = json.dumps({"command": command}).encode()
    request = urllib.request.Request(BASE + "/request-keys", data=body, headers=headers, method="POST")
    with urllib.request.urlopen(request) as answer:
        return json.loads(answer.read())["key"]


def command_of(case):
    """For which command the description says the key is made, and none where the case does not name it."""
    parameters = case.operation.definition.raw.get("parameters", [])
    about = next((p["description"] for p in parameters if p.get("name") == KEY), "")
    if found := re.search(r"command `(\w+)`", about):
        return found.group(1)
    if found := re.search(r"named by \{(\w+)\} in the path", about):
        return (case.path_parameters or {}).get(found.group(1))
    if found := re.search(r"named by `([\w.]+)` in the body", about):
        value = case.body
        for name in found.group(1).split("."):
            value = value.get(name) if isinstance(value, dict) else None
        return value
    return None


@schemathesis.hook
def before_call(context, case, kwargs):
    # What is wrong on purpose stays as it is: only a key or an identifier in its right form is exchanged for a real one.
    headers = case.headers or {}
    if re.fullmatch(r"[0-9a-f]{64}", str(headers.get(KEY, ""))):
        command = command_of(case)
        if isinstance(command, str) and re.fullmatch(r"[a-z0-9_]{1,64}", command):
            case.headers[KEY] = made_key(command)
    for name, value in list((case.path_parameters or {}).items()):
        if KNOWN.get(name) and HEX.fullmatch(str(value)) and random.random() < OFTEN:
            case.path_parameters[name] = random.choice(KNOWN[name])
