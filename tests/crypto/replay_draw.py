# Replays a draw transcript from crypto/README.md alone, with Python's own modules: python3 replay_draw.py FILE prints the panel.
import base64, hashlib, hmac, json, sys

def jcs(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)

def sha(*parts):
    return hashlib.sha256(b"".join(p.encode() if isinstance(p, str) else bytes(p) for p in parts)).digest()

def need(holds, what):
    if not holds:
        sys.exit(what)

draw = json.load(open(sys.argv[1], encoding="utf-8"))
prelude = draw["prelude"]["payload"]["msg"]
draw_id = prelude["drawId"]
need(all(sha(jcs(draw[k])).hex() == prelude[k]["hash"] for k in ("eligible", "rules")), "lists")

secrets = []
for party in (one["party"] for one in prelude["parties"]):
    commit = next(e["payload"]["msg"] for e in draw["commits"] if e["payload"]["msg"]["party"] == party)
    r = bytes(32)
    for to, wrapped in commit["shares"].items():
        text = next(s["msg"]["share"] for s in draw["shares"] if (s["msg"]["from"], s["msg"]["to"]) == (party, to))
        share = base64.b64decode(text)
        digest = sha("tbid-draw/1 share\0", draw_id, "\0", party, "\0", to, "\0", share)
        need(digest.hex() == wrapped["hash"], f"share {party} -> {to}")
        r = bytes(a ^ b for a, b in zip(r, share))
    secrets.append(r)
note = draw["checkpoint"].split("\n")
line = next(one for one in note if one.startswith("— " + prelude["witness"].split("+")[0] + " "))
v = sha("tbid-draw/1 v\0", base64.b64decode(note[2]), line)
lists = [bytes.fromhex(h) for h in (prelude["pool"]["root"], prelude["eligible"]["hash"], prelude["rules"]["hash"])]
seed = sha("tbid-draw/1 seed\0", sha(draw_id), *lists, *secrets, v)

head = b"tbid-draw/1 ticket\0" + draw["attempt"].to_bytes(4, "big")
people = [{"c": c, **who} for c, who in draw["eligible"]]
people.sort(key=lambda who: (hmac.digest(seed, head + bytes.fromhex(who["c"]), "sha256"), who["c"]))
places = [{"seat": seat, "who": None} for seat in draw["rules"]["seats"] for _ in range(seat["n"])]

def fits(who, seat):
    near = seat["region"] is None or who["region"] in seat["region"]
    held = sum(1 for p in places if p["who"] and p["who"]["emp"] == who["emp"])
    return near and held < draw["rules"]["maxPerEmployer"] and any(c.startswith(d) for c in who["disc"] for d in seat["disc"])

for who in people:
    place = next((p for p in places if p["who"] is None and fits(who, p["seat"])), {})
    place["who"] = who
contacted = [p["who"] for p in places]
for event in (e for e in draw["events"] if e["outcome"] != "accepted"):
    place = next(p for p in places if p["who"] and p["who"]["c"] == event["c"])
    place["who"] = None
    place["who"] = next((w for w in people if w not in contacted and fits(w, place["seat"])), None)
    contacted.append(place["who"])
panel = [{"seat": p["seat"]["seat"], "c": p["who"] and p["who"]["c"]} for p in places]
need(panel == draw["panel"], "panel")
print(jcs(panel))
