"""Tries the interface out against its own description, with Schemathesis: a made-up county, and three people in it.

    run.py PROGRAM [SEED]      the program to try, and whose choices to repeat; `./x torture api` builds it and calls this

It ends well if at least 2,000 cases were sent and none was answered with a fault, with something the description does
not say, or accepted where the description refuses it. Everything is in a temporary folder, and gone at the end.
"""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[3]
# Who tries: a clerk has most rights on forms, an auditor the fewest, a resident other ones.
ROLES = ["intake_clerk", "auditor", "resident"]
LEAST = 2000


def ask(url, path, token=None, body=None):
    headers = {"content-type": "application/json"}
    if token:
        headers["authorization"] = "Bearer " + token
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(url + "/api/v1" + path, data=data, headers=headers)) as answer:
        return json.loads(answer.read())


def county(program, folder):
    """A small county that is made up. Who can be signed in as, by role."""
    size = ["--towns", "2", "--households", "60", "--cases", "24"]
    command = [program, "--root", ROOT, "synth", "--data", folder, "--json", *size]
    made = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    people = {}
    for persona in made["personas"]:
        people.setdefault(persona["role"], persona["person"])
    return people


def known(url, token):
    """Identifiers of some cases, and of who and what is in them."""
    found = {"case": [], "person": []}
    for line in ask(url, "/cases?limit=5", token)["cases"]:
        case = ask(url, "/cases/" + line["id"], token)
        found["case"].append(case["id"])
        found["person"] += [party["person"]["id"] for party in case["people"]]
    return found


def tried(command, url, token, things, role, folder):
    """Lets one person try everything. How many cases were sent, and whether all was well."""
    env = os.environ | {
        "ANMIN_API_URL": url,
        "ANMIN_API_TOKEN": token,
        "ANMIN_API_KNOWN": json.dumps(things),
        "ANMIN_API_HOOKS": str(HERE / "hooks.py"),
        "NO_COLOR": "1",
    }
    # In a folder of this run: the tool would remember things from one run to the next.
    done = subprocess.run(command + [url + "/api/v1/openapi.json"], env=env, cwd=folder, capture_output=True, text=True)
    print(f"== {role}\n{done.stdout}{done.stderr}", flush=True)
    sent = re.search(r"(\d+) generated", done.stdout)
    return int(sent.group(1)) if sent else 0, done.returncode == 0


def main(program, seed=None):
    tool = pathlib.Path(sys.executable).parent / "schemathesis"
    trying = [tool, "--config-file", HERE / "schemathesis.toml", "run", *(["--seed", seed] if seed else [])]
    with tempfile.TemporaryDirectory(prefix="anmin-api-") as folder:
        data, log = pathlib.Path(folder) / "data", pathlib.Path(folder) / "log"
        people = county(program, data)
        command = [program, "--root", ROOT, "serve", "--demo", "--data", data, "--listen", "127.0.0.1:0"]
        with log.open("w") as err, subprocess.Popen(command, stdout=subprocess.PIPE, stderr=err, text=True) as server:
            try:
                url = server.stdout.readline().strip().removesuffix("/api/v1/openapi.json")
                tokens = {role: ask(url, "/demo/session", body={"person": people[role]})["token"]
                          for role in [*ROLES, "examiner"]}
                things = known(url, tokens["examiner"])
                mine = known(url, tokens["resident"])
                results = {role: tried(trying, url, tokens[role], mine if role == "resident" else things, role, folder)
                           for role in ROLES}
            finally:
                server.terminate()
                server.wait(60)
        faults = [line for line in log.read_text().splitlines() if "anmin::fault" in line]
    sent = sum(count for count, _ in results.values())
    wrong = [role for role, (_, well) in results.items() if not well]
    for fault in faults:
        print(fault)
    print(f"{sent} cases sent as {', '.join(ROLES)}; {len(faults)} faults; failed: {', '.join(wrong) or 'none'}")
    if sent < LEAST:
        print(f"at least {LEAST} are wanted")
    return 1 if wrong or faults or sent < LEAST else 0


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
