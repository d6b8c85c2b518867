#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The page of `partywall bench --report` in a real browser: every curve is drawn within its picture, and at the width of a phone
nothing is wider than the page. The figures are recorded ones (recorded.json), so that nothing is measured here.

report_test.py PARTYWALL RECORDED [FOLDER]      the page stays in FOLDER
Exit code 77: no chromium.
"""
import html
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

WIDTHS = (360, 800)
# Put into a frame of each width, so that the browser's own least width does not matter. What it finds goes into the title.
PROBE = """<!doctype html><meta charset="utf-8"><body><script>
const page = PAGE, widths = WIDTHS, found = [];
function look(frame, width) {
  const doc = frame.contentDocument, curves = [];
  for (const curve of doc.querySelectorAll("svg.chart g.curve")) {
    const picture = curve.ownerSVGElement, view = picture.viewBox.baseVal, box = curve.getBBox();
    const line = curve.querySelector("polyline, line"), style = frame.contentWindow.getComputedStyle(line);
    const seen = picture.getBoundingClientRect();
    curves.push({
      chart: picture.getAttribute("aria-label"), name: curve.dataset.name, points: +curve.dataset.points,
      circles: curve.querySelectorAll("circle").length, floor: curve.classList.contains("floor"), stroke: style.stroke,
      inside: box.x >= 0 && box.y >= 0 && box.x + box.width <= view.width && box.y + box.height <= view.height,
      visible: seen.width > 100 && seen.height > 60 && seen.right <= width,
    });
  }
  const overflowing = [...doc.querySelectorAll("body *")].filter(e => !e.closest(".table") && !e.closest("svg") &&
      e.getBoundingClientRect().right > width + 0.5).map(e => e.tagName + " " + e.textContent.slice(0, 40));
  found.push({width, scroll: doc.documentElement.scrollWidth, curves, overflowing,
              text: doc.body.innerText.length, foreign: doc.querySelectorAll("script, link, img, iframe").length});
  if (found.length === widths.length) {
    const result = document.createElement("pre");
    result.id = "found";
    result.textContent = JSON.stringify(found);
    document.body.append(result);
  }
}
for (const width of widths) {
  const frame = document.createElement("iframe");
  frame.style.cssText = "border:0;height:700px;width:" + width + "px";
  frame.onload = () => look(frame, width);
  frame.srcdoc = page;
  document.body.append(frame);
}
</script>"""


def fail(text):
    sys.exit("report_test.py: " + text)


def dump(browser, probe, folder):
    command = [browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
               "--disable-background-networking", f"--user-data-dir={folder}/profile", "--virtual-time-budget=10000",
               "--dump-dom", probe.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=150, check=False)
    match = re.search(r'<pre id="found">(.*?)</pre>', done.stdout, re.DOTALL)
    if not match:
        fail(f"the browser found nothing (exit code {done.returncode}):\n{done.stderr[-2000:]}")
    return json.loads(html.unescape(match.group(1)))


def expected_curves(figures):
    """(chart, name) -> points, of what was measured and has an axis."""
    curves = {}
    for figure in figures:
        if "missing" in figure or not figure["axis"] or figure["value"]["median"] <= 0:
            continue
        name = figure["row"] + ("" if figure["mode"] == "peer" else ", " + figure["mode"])
        curves[figure["chart"], name] = curves.get((figure["chart"], name), 0) + 1
    return curves


def main():
    partywall, recorded = (pathlib.Path(word).resolve() for word in sys.argv[1:3])
    browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if browser is None:
        print("skipped: no chromium here (apt-get install chromium, or tools/packages.sh full)")
        return 77
    with tempfile.TemporaryDirectory(prefix="partywall-report-") as temporary:
        folder = pathlib.Path(sys.argv[3]) if len(sys.argv) > 3 else pathlib.Path(temporary)
        page, probe = folder / "report.html", folder / "probe.html"
        subprocess.run([partywall, "bench", "--from", recorded, "--report", page], check=True, timeout=60)
        as_script = json.dumps(page.read_text()).replace("</", "<\\/")
        probe.write_text(PROBE.replace("PAGE", as_script, 1).replace("WIDTHS", json.dumps(WIDTHS), 1))
        found = dump(browser, probe, temporary)
    expected = expected_curves(json.loads(recorded.read_text())["figures"])
    if len(expected) < 20:
        fail(f"{recorded} has {len(expected)} curves only")
    for look in found:
        where = f"at {look['width']} px"
        drawn = {(c["chart"], c["name"]): c for c in look["curves"] if not c["floor"]}
        if set(drawn) != set(expected):
            fail(f"{where}: missing {set(expected) - set(drawn)}, too many {set(drawn) - set(expected)}")
        for key, curve in drawn.items():
            if not curve["points"] == curve["circles"] == expected[key]:
                fail(f"{where}: {key} has {curve['circles']} of {expected[key]} points")
        for curve in look["curves"]:
            if not curve["inside"] or not curve["visible"] or curve["stroke"] in ("none", "rgba(0, 0, 0, 0)"):
                fail(f"{where}: a curve is not to be seen: {curve}")
        if not any(c["floor"] for c in look["curves"]):
            fail(f"{where}: no floor is drawn")
        if look["scroll"] > look["width"] or look["overflowing"]:
            fail(f"{where}: the page is {look['scroll']} px wide: {look['overflowing'][:5]}")
        if look["foreign"] or look["text"] < 500:
            fail(f"{where}: {look['foreign']} foreign elements, {look['text']} letters")
        print(f"{where}: {len(drawn)} curves and {len(look['curves']) - len(drawn)} floors, all within the page")
    return 0


if __name__ == "__main__":
    sys.exit(main())
