"""Prints wapiti's cookie file for a demonstration role that has signed in by the form: scan_session.py ROLE URL."""

from __future__ import annotations

import http.cookiejar
import json
import re
import sys
import urllib.parse
import urllib.request
from pathlib import Path

from eom.demo.accounts import SIGN_INS, password_of
from eom.settings import Settings


def main(role: str, url: str) -> None:
    """Sign in and print the cookies as wapiti reads them."""
    jar = http.cookiejar.CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    page = opener.open(f"{url}/login").read().decode()
    if role != "nobody":
        person = next(each for each in SIGN_INS if each.role.value == role)
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)
        form = {
            "email": person.email, "password": password_of(Path(Settings.from_environment().instance)),
            "csrf_token": token.group(1) if token else "",
        }  # fmt: skip
        answer = opener.open(f"{url}/login", urllib.parse.urlencode(form).encode())
        if answer.url.endswith("/login"):
            raise SystemExit(f"{role} could not sign in")
    host = urllib.parse.urlsplit(url).hostname or ""
    kept = {each.name: {"value": each.value, "version": 0, "expires": None, "secure": False, "port": None} for each in jar}
    print(json.dumps({f".{host}" if not host[0].isdigit() else host: {"/": kept}}))


if __name__ == "__main__":
    main(*sys.argv[1:3])
