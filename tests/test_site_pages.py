"""The pages of the course in a real browser, from a plain web server under a sub-path: a scripted learner at work."""

from __future__ import annotations

import itertools
import json
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from browser import FOR_AXE, SCHEMES, WIDTHS, found_by_axe
from conftest import BONUS, EXERCISES, MANUALS, MOST, missing_on_this_machine
from course import FRAMES, KIT, Window, answers, passed

from grader.base import messages
from grader.base.zipped import zipped
from grader.book.stub import code
from grader.grading.pipeline import grade
from grader.intake.submission import read_submission
from grader.sandbox.confine import LIMITS
from grader.site import cache
from grader.site.build import ENGINE
from grader.site.course import PAGES

TYPESCRIPT = "typescript@5.9.3"
CHECKED = """{"compilerOptions": {"allowJs": true, "checkJs": true, "strict": true, "noEmit": true, "target": "es2022",
"module": "esnext", "moduleResolution": "bundler", "lib": ["es2023", "dom", "dom.iterable"], "skipLibCheck": true,
"types": []}, "include": ["site/**/*.js"]}"""
pytestmark = pytest.mark.world  # a browser


def test_the_lines_of_the_manual(tmp_path: Path) -> None:
    """They fill the cache, and make a site of it; its sizes are those that the manuals tell."""
    manual = MANUALS["grader/classes/README.md"]
    found = re.search(r"```sh\n(mg-grade site --fetch) .*?\n(mg-grade site course) ", manual)
    assert found
    for line in found.groups():
        command = [sys.executable, "-m", "grader", *line.split()[1:]]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        if done.returncode and "--fetch" in line:
            missing_on_this_machine("what a site is made of", done.stderr)
        assert done.returncode == 0, done.stderr
    (size,) = re.findall(r"([\d.]+) MB", done.stdout)
    for name in ("grader/classes/README.md", "exercises/README.md"):
        assert f"visit loads {float(size):.0f} MB" in MANUALS[name].replace("\n", " ")
    assert (tmp_path / "course" / "index.html").is_file()


def zipped_files(files: dict[str, str]) -> bytes:
    return zipped({name: text.encode() for name, text in files.items()})


def test_a_learner_at_work(learner: Window) -> None:
    """Several exercises of two chapters, and what there is to see of them; all of it is there after a reload."""
    page = learner.open("03-engine.html")
    assert learner.run("add") == messages.COURSE_NOT_BEGUN.format(id="add")
    learner.type_in("add", "            self.grad += out.grad")
    assert "add: " in learner.run("add")
    assert "passed" not in learner.box("add").locator(".said").inner_text()
    assert learner.box("add").locator(".result").inner_text() != ""
    learner.click("add", "self.grad += out.grad")
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    page.keyboard.insert_text("other.grad += out.grad")
    assert learner.run("add") == passed("add")
    learner.type_in("mul", answers("mul")[0])
    assert learner.run("mul") == passed("mul")
    assert page.locator("[data-count='engine.py']").inner_text() == "2/13"
    box = learner.box("mul")
    assert box.locator(".next").get_attribute("href").endswith("#exercise-pow")
    page.reload()
    learner.ready()
    assert "other.grad += out.grad" in learner.editor("add")
    assert page.locator("li[data-state=mul]").inner_text() == messages.PAGE_STATES["passed"]
    assert KIT.manifest.by_id["mul"].learnt in box.locator(".result").inner_text()
    learner.open("01-derivatives.html")
    learner.type_in("derivative", answers("derivative")[0])
    for other in answers("derivative")[1:]:
        learner.type_in("derivative", other)
    assert learner.run("derivative") == passed("derivative")
    learner.open("index.html")
    assert page.locator("#next a").inner_text().startswith("gradient: ")
    assert page.locator("[data-mark=mul]").get_attribute("aria-label") == "passed"


def test_every_exercise(learner: Window) -> None:
    """From the first to the last by "next": the answer in the gap, Ctrl-Enter, passed. Then all is done."""
    page = learner.open("index.html")
    link = page.locator("#next a")
    filled = set()
    for exercise in KIT.manifest.exercises:
        assert link.inner_text() == f"{exercise.id}: {exercise.title}"
        link.click()
        learner.ready()
        if exercise.gap not in filled:  # two may be about one
            for answer in answers(exercise.id):
                learner.type_in(exercise.id, answer)
        filled.add(exercise.gap)
        assert learner.run(exercise.id) == passed(exercise.id)
        others = learner.box(exercise.id).locator(".others")
        link = others.locator(".next")
    assert others.inner_text() == messages.COURSE_LAST
    learner.open("index.html")
    assert page.locator("#next").inner_text() == messages.COURSE_ALL_PASSED
    learner.open("work.html")
    values = {"points": f"{MOST + BONUS:g}", "most": f"{MOST:g}", "passed": EXERCISES, "all": EXERCISES}
    assert page.locator("#points").inner_text() == messages.COURSE_POINTS.format(**values)


def test_hints_reset_solution(learner: Window) -> None:
    page = learner.open("03-engine.html")
    box = learner.box("add")
    hints = box.locator("summary")
    assert [hint.is_visible() for hint in hints.all()] == [True, False, False, False]
    hints.first.press("Enter")
    assert [hint.is_visible() for hint in hints.all()] == [True, True, False, False]
    learner.type_in("add", "            pass")
    box.get_by_role("button", name=messages.COURSE_RESET).click()
    page.get_by_role("button", name=messages.COURSE_KEEP).click()
    assert "NotImplementedError" not in learner.editor("add")
    box.get_by_role("button", name=messages.COURSE_RESET).click()
    page.get_by_role("dialog").get_by_role("button", name=messages.COURSE_RESET).click()
    learner.hears("add", messages.COURSE_RESET_DONE)
    assert 'raise NotImplementedError("add")' in learner.editor("add")
    solution = box.get_by_role("button", name=messages.COURSE_SOLUTION)
    solution.click()
    page.get_by_role("button", name=messages.COURSE_GIVE_UP_NO).click()
    assert box.locator(".solved").inner_text() == ""
    solution.click()
    page.get_by_role("button", name=messages.COURSE_GIVE_UP_YES).click()
    page.get_by_role("dialog").get_by_role("button", name=messages.COURSE_SOLUTION).click()
    box.locator(".solved pre").wait_for()
    assert answers("add")[0].strip().split("\n")[0] in box.locator(".solved").inner_text()
    page.reload()
    learner.ready()
    assert [hint.is_visible() for hint in hints.all()] == [True, True, False, False]


def test_a_reset_takes_back_what_was_said(learner: Window) -> None:
    """Of all exercises that are about the gap: what was said is of code that is gone."""
    page = learner.open("03-engine.html")
    learner.type_in("topological-sort", "    return []")
    learner.run("topological-sort")
    learner.run("deep-graph")
    boxes = [learner.box(name) for name in ("topological-sort", "deep-graph")]
    assert all("yours" in box.locator(".result").inner_text() for box in boxes)
    boxes[0].get_by_role("button", name=messages.COURSE_RESET).click()
    page.get_by_role("dialog").get_by_role("button", name=messages.COURSE_RESET).click()
    learner.hears("topological-sort", messages.COURSE_RESET_DONE)
    for box in boxes:
        assert box.locator(".result").inner_text() == ""
        assert box.locator("li.state").inner_text() == messages.PAGE_STATES["not-started"]
    assert boxes[1].locator(".said").inner_text() == ""


def test_the_verdict_stands_above_its_reasons(learner: Window) -> None:
    """After a reload too, and where another exercise has changed it."""
    page = learner.open("03-engine.html")
    learner.type_in("add", answers("add")[0])
    learner.run("add")
    page.reload()
    learner.ready()
    learner.hears("add", passed("add"))
    learner.type_in("mul", "            self.grad += = 1")
    assert learner.run("mul") == "mul: failed, 0 of 4 points"
    learner.hears("add", "add: failed, 0 of 3 points")
    assert messages.COURSE_OTHERS in learner.box("mul").locator(".others").inner_text()


def test_a_new_line_stands_below_the_one_before(learner: Window) -> None:
    """In a file that is no Python too, where a parser knows of no blocks; after a colon it goes further in."""
    page = learner.open("02-chain-rule.html")
    learner.type_in("nudge", "    return values\n        values = 1\n    return values")
    for name in ("manual-neuron", "manual-backprop"):
        learner.click(name, "raise NotImplementedError")
        page.keyboard.press("Home")
        page.keyboard.press("Shift+End")
        page.keyboard.type("o = 1\nfor x in (o,):\ng = {\n1: 2")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("End")
        page.keyboard.type("\nh = [(3,\n4)]")
    shown = "    o = 1\n    for x in (o,):\n        g = {\n            1: 2\n        }\n        h = [(3,\n"
    assert shown in learner.editor("manual-neuron")
    assert shown in learner.editor("manual-backprop")


def test_a_mark_that_is_gone_hides_nothing(learner: Window) -> None:
    """An exercise of two gaps shows the whole file when it has one left: the other has to be mended there."""
    page = learner.open("05-losses.html")
    learner.click("mse", "# exercise: mse")
    page.keyboard.press("Shift+Home")
    page.keyboard.press("Backspace")
    page.reload()
    learner.ready()
    assert "def sum_squared_error" in learner.editor("mse")


def test_no_line_has_to_be_scrolled(learner: Window) -> None:
    """What is asked for stands in lines that are longer than the box is wide."""
    page = learner.open("02-chain-rule.html")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert "Leave both dicts as they were." in learner.editor("nudge")
        scroller = learner.box("nudge").locator(".cm-scroller")
        assert scroller.evaluate("it => it.scrollWidth - it.clientWidth") == 0


def test_a_first_visitor_is_told_how_it_works(learner: Window) -> None:
    """On the page that they come to, and where the book tells of commands."""
    page = learner.open("index.html")
    how = page.locator("#how + ul")
    minutes = sum(exercise.minutes for exercise in KIT.manifest.exercises)
    lead = page.locator("main > p").first.inner_text()
    assert f" {EXERCISES} exercises in 9 chapters, about {round(minutes / 60)} hours," in lead
    assert [link.get_attribute("href") for link in how.locator("a").all()] == [
        "introduction.html",
        "work.html",
        "look.html",
    ]
    learner.open("introduction.html")
    page.locator("main").get_by_role("link", name=messages.COURSE_HOW).click()
    assert page.url.endswith("index.html#how")
    assert "{" not in how.inner_text()
    learner.open("01-derivatives.html")
    assert page.locator("main").get_by_role("link", name=messages.COURSE_HOW).count() == 0


def test_an_endless_loop(learner: Window) -> None:
    """Stop ends it at once, and the page lives on."""
    page = learner.open("03-engine.html")
    learner.type_in("add", "            while True: pass")
    box = learner.box("add")
    box.get_by_role("button", name=messages.COURSE_RUN).click()
    page.wait_for_timeout(300)
    assert box.locator(".said").inner_text() == messages.COURSE_RUNNING
    box.get_by_role("button", name=messages.COURSE_STOP).click(timeout=1_000)
    box.locator(".said", has_text=messages.COURSE_STOPPED).wait_for(timeout=3_000)
    assert "still running" in (learner.run("add"), box.locator(".result").inner_text())[1]


def test_files_are_shown_where_they_are_open(learner: Window) -> None:
    """What is typed in one editor stands in the others; a tab shows another file; the rest of a file is folded."""
    page = learner.open("03-engine.html")
    learner.type_in("add", "            pass  # mine")
    box = learner.box("mul")
    assert "# mine" not in learner.editor("mul")
    whole = box.get_by_role("button", name=messages.COURSE_WHOLE)
    whole.click()
    assert whole.get_attribute("aria-pressed") == "true"
    assert "# mine" in learner.editor("mul")
    whole.click()
    assert "# mine" not in learner.editor("mul")
    box.get_by_role("tab", name="losses.py").click()
    assert "engine.py" not in box.get_by_role("tab", selected=True).inner_text()
    assert "losses" in box.locator(".cm-content").get_attribute("aria-label")
    page.keyboard.press("Tab")


def test_out_and_in_again(learner: Window, tmp_path: Path) -> None:
    """The zip is what mg-grade grades, and another browser goes on with it."""
    learner.open("03-engine.html")
    learner.type_in("add", answers("add")[0])
    page = learner.open("work.html")
    with page.expect_download() as downloading:
        page.get_by_role("button", name=messages.COURSE_OUT).click()
    path = tmp_path / downloading.value.suggested_filename
    downloading.value.save_as(path)
    with zipfile.ZipFile(path) as archive:
        archive.extractall(tmp_path)
    (folder,) = (found for found in tmp_path.iterdir() if found.is_dir())
    report = grade(read_submission(folder, KIT.manifest, is_own=True), KIT, level=LIMITS)
    assert [result.id for result in report.results if result.status == "passed"] == ["add"]
    learner.forget()
    learner.open("work.html")
    page.set_input_files("#in", path)
    page.get_by_role("button", name=messages.COURSE_IN_YES).click()
    page.locator(".said", has_text="Taken in").wait_for()
    page.get_by_role("button", name=messages.COURSE_GRADE_ALL).click()
    page.locator(".said", has_text=messages.COURSE_GRADED).wait_for()
    assert page.locator("td [data-state=add]").inner_text() == messages.PAGE_STATES["passed"]
    assert page.locator("#points").inner_text().startswith("1 of 42")
    page.set_input_files("#in", {"name": "no.zip", "mimeType": "application/zip", "buffer": b"no"})
    page.locator(".said", has_text=messages.SITE_NO_ZIP.partition(" (")[0]).wait_for()
    page.get_by_role("button", name=messages.COURSE_TAKE_BACK).click()
    page.locator(".said", has_text=messages.COURSE_TAKEN_BACK).wait_for()
    learner.open("03-engine.html")
    assert 'raise NotImplementedError("add")' in learner.editor("add")


def test_a_new_version(learner: Window) -> None:
    """Work that was begun with other files is carried over to those of the site: what the course has changed since is
    there, and what the learner wrote."""
    page = learner.open("03-engine.html")
    learner.type_in("add", answers("add")[0])
    assert learner.run("add") == passed("add")
    changed = """() => {
      for (const name of ["base", "file:engine.py"]) {
        const key = Object.keys(localStorage).find((one) => one.endsWith(":" + name));
        localStorage[key] = localStorage[key].replace("One number in a graph", "A number of old");
      }
    }"""
    page.evaluate(changed)
    learner.open("03-engine.html")
    page.locator(".lines", has_text=messages.COURSE_UPGRADED).wait_for()
    learner.box("add").get_by_role("button", name=messages.COURSE_WHOLE).click()
    learner.box("add").locator(".cm-content", has_text="One number in a graph").wait_for()
    assert "other.grad += out.grad" in learner.editor("add")
    page.reload()
    learner.ready()
    assert page.locator(".lines").count() == 0


def test_two_tabs(learner: Window) -> None:
    """What is written, or said, in one is there in the other, which goes on from it; Undo takes back one's own."""
    learner.open("03-engine.html")
    other = Window(learner.context, learner.web)
    other.open("03-engine.html")
    learner.type_in("add", answers("add")[0])
    other.drawn("add").filter(has_text="other.grad += out.grad").wait_for()
    other.type_in("mul", answers("mul")[0])
    assert other.run("mul") == passed("mul")
    learner.page.locator("li[data-state=mul]").filter(has_text=messages.PAGE_STATES["passed"]).wait_for()
    assert learner.run("add") == passed("add")
    other.page.locator("li[data-state=add]").filter(has_text=messages.PAGE_STATES["passed"]).wait_for()
    learner.drawn("add").press("Control+z")
    other.drawn("add").filter(has_text='raise NotImplementedError("add")').wait_for()
    assert "NotImplementedError" not in other.editor("mul")
    other.page.close()
    other.no_fault()


def test_a_page_that_is_come_back_to(learner: Window) -> None:
    """A browser may show a page as it was left: it takes over what was written since."""
    page = learner.open("03-engine.html")
    learner.type_in("add", "            pass  # first")
    written = """() => {
      const key = Object.keys(localStorage).find((one) => one.endsWith(":file:engine.py"));
      localStorage[key] = localStorage[key].replace("# first", "# second");
      dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
    }"""
    page.evaluate(written)
    learner.drawn("add").filter(has_text="# second").wait_for()


def test_backward_through_an_expression(learner: Window) -> None:
    """Every gradient is asked for, from the result on, and shown when it was right."""
    page = learner.open("look.html")
    part = page.locator("#graph")
    part.locator("[name=whose]").select_option("reference")
    part.locator("[name=expression]").fill("(a*b + c) * f")
    part.get_by_role("button", name=messages.COURSE_DRAW).click()
    part.locator(".drawn").wait_for()
    gradients = {"y": 1, "f": 4, "n2": -2, "c": -2, "n1": -2, "b": -4, "a": 6}
    for number in range(len(gradients)):
        name = re.search(r"respect to (\w+)", part.locator(".ask").inner_text())
        assert name
        if number == 1:
            part.locator("[name=answer]").fill("7")
            page.keyboard.press("Enter")
            assert part.locator(".heard").inner_text().startswith("Not that. f is used in y = n2 * f")
        assert f"grad {gradients[name[1]]}" not in part.locator("svg .now + text + text + text").inner_html()
        part.locator("[name=answer]").fill(str(gradients[name[1]]))
        page.keyboard.press("Enter")
        assert part.locator(".heard").inner_text().startswith(f"Right: the gradient of {name[1]}")
    assert messages.COURSE_ALL_STEPS in part.locator(".heard").inner_text()
    assert messages.COURSE_UNKNOWN not in part.locator("tbody").inner_text()
    part.locator("[name=expression]").fill("a +")
    part.get_by_role("button", name=messages.COURSE_DRAW).click()
    part.locator(".said", has_text="a +").wait_for()


@pytest.mark.parametrize("name", ["four-points", "three-regions", "spiral", "moons", "yin-yang"])
def test_training(learner: Window, name: str) -> None:
    """The pictures come while it trains, the numbers beside them; Stop ends it."""
    page = learner.open("look.html")
    part = page.locator("#train")
    part.locator("[name=dataset]").select_option(name)
    part.locator("[name=whose]").select_option("reference")
    part.locator("[name=steps]").fill("2000")
    part.get_by_role("button", name=messages.COURSE_BEGIN).click()
    steps = part.locator("#losses-text")
    steps.filter(has_text=re.compile(r"^Step (?!1 )")).wait_for()
    none = messages.COURSE_NO_VALIDATION.format(examples=4)
    assert ("Validation loss" in steps.inner_text(), none in steps.inner_text()) == (
        (False, True) if name == "four-points" else (True, False)
    )
    assert ("for 1" if name == "four-points" else "circles") in part.locator("#boundary-text").inner_text()
    colours = part.locator("canvas.boundary").evaluate(
        "one => new Set(new Uint32Array(one.getContext('2d').getImageData(0, 0, 480, 480).data.buffer)).size"
    )
    assert colours > 3
    part.get_by_role("button", name=messages.COURSE_STOP).click(timeout=2_000)
    part.locator(".said", has_text=messages.COURSE_STOPPED).wait_for(timeout=5_000)


def test_a_size_for_each_hidden_layer(learner: Window) -> None:
    """There are as many sliders as layers, each named and in the order of the keyboard, and the network has them."""
    page = learner.open("look.html")
    part = page.locator("#train")
    part.locator("[name=dataset]").select_option("moons")
    part.locator("[name=whose]").select_option("reference")
    part.locator("[name=steps]").fill("20")
    sizes = [part.get_by_label(messages.COURSE_SIZE.format(layer=layer)) for layer in (1, 2, 3)]
    assert [size.is_visible() for size in sizes] == [True, False, False]
    part.locator("[name=layers]").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert [size.is_visible() for size in sizes] == [True, True, True]
    for number in (5, 3, 7):
        page.keyboard.press("Tab")
        page.keyboard.press("Home")
        for _ in range(number - 1):
            page.keyboard.press("ArrowRight")
    assert [size.get_attribute("aria-valuetext") for size in sizes] == ["5", "3", "7"]
    part.get_by_role("button", name=messages.COURSE_BEGIN).click()
    parameters = 3 * 5 + 6 * 3 + 4 * 7 + 8 * 2
    part.locator(".said", has_text="Step 20 of 20").wait_for()
    assert f"{parameters} parameters" in part.locator(".said").inner_text()


def test_code_that_is_not_there_yet(learner: Window) -> None:
    """The exercise that is missing is named, with a way to it."""
    page = learner.open("look.html")
    for part, button, name in (("#graph", messages.COURSE_DRAW, "backward"), ("#train", messages.COURSE_BEGIN, "mlp")):
        said = page.locator(f"{part} .said")
        page.locator(part).get_by_role("button", name=button).click()
        said.filter(has_text=messages.SITE_GAP.format(id=name)).wait_for()
        assert str(said.locator("a").get_attribute("href")).endswith(f"#exercise-{name}")


def test_a_wrong_gradient(learner: Window) -> None:
    """It is told in both parts: beside the right one, and as an exercise that did not pass."""
    files = {file: KIT.solution(file) for file in KIT.manifest.files}
    right = "self.grad += other.data * out.grad"
    assert right in files["engine.py"]
    files["engine.py"] = files["engine.py"].replace(right, "self.grad += out.grad")
    page = learner.open("work.html")
    page.set_input_files("#in", {"name": "a.zip", "mimeType": "application/zip", "buffer": zipped_files(files)})
    page.get_by_role("button", name=messages.COURSE_IN_YES).click()
    page.locator(".said", has_text="Taken in").wait_for()
    page.get_by_role("button", name=messages.COURSE_GRADE_ALL).click()
    page.locator(".said", has_text=messages.COURSE_GRADED).wait_for()
    learner.open("look.html")
    graph, train = page.locator("#graph"), page.locator("#train")
    graph.get_by_role("button", name=messages.COURSE_DRAW).click()
    graph.locator(".drawn").wait_for()
    show = graph.get_by_role("button", name=messages.COURSE_SHOW)
    heard = []
    while show.is_visible():
        show.click()
        heard.append(graph.locator(".heard").inner_text().partition(".")[0])
    assert any("your engine says" in one for one in heard)
    train.locator("[name=dataset]").select_option("four-points")
    train.get_by_role("button", name=messages.COURSE_BEGIN).click()
    train.locator(".failing a", has_text="mul").wait_for()
    train.locator(".failing", has_text=messages.COURSE_FAILING).wait_for()


def test_every_page(learner: Window) -> None:
    """In no width and scheme anything is wider than the window, and axe finds nothing serious."""
    names = sorted(path.name for path in learner.web.site.glob("*.html"))
    assert len(names) == 15
    for number, name in enumerate(names):
        page = learner.open(name)
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        for width, scheme in itertools.product(WIDTHS, SCHEMES):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, name
            page.evaluate(FRAMES)  # until what scrolls now is a stop for the keyboard
            if (width, scheme) == FOR_AXE[number % 2]:
                assert found_by_axe(page, least="serious") == [], (name, width, scheme)


def test_the_drawer(learner: Window) -> None:
    """Where there is no room beside the text, the path is behind a button."""
    page = learner.open("03-engine.html")
    page.set_viewport_size({"width": min(WIDTHS), "height": 900})
    assert not page.locator("#path").is_visible()
    page.get_by_role("button", name=messages.COURSE_PATH).press("Enter")
    assert page.locator("#path").is_visible()
    page.evaluate(FRAMES)
    assert found_by_axe(page, least="serious") == []
    page.keyboard.press("Escape")
    assert not page.locator("#path").is_visible()


def test_with_the_keyboard_alone(learner: Window) -> None:
    """Into the editor, out of it, and to each button."""
    page = learner.open("01-derivatives.html")
    box = learner.box("derivative")
    box.get_by_role("tab", selected=True).focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.classList.contains('cm-content')")
    page.keyboard.press("Escape")
    seen = []
    for _ in range(5):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("document.activeElement.textContent"))
    assert seen[:2] == [messages.COURSE_RUN, messages.COURSE_WHOLE]  # there is nothing to stop
    assert messages.COURSE_SOLUTION in seen


def test_only_what_scrolls_is_a_stop_for_the_keyboard(learner: Window) -> None:
    """A chapter has dozens of formulas, and one that fits would be a stop for nothing."""
    page = learner.open("03-engine.html")
    stops = {}
    for width in sorted(WIDTHS):
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate(FRAMES)
        parts = page.locator("main > :is(.formula, pre)")
        found = parts.evaluate_all("all => all.map(it => [it.scrollWidth > it.clientWidth, it.tabIndex === 0])")
        assert all(scrolls == is_stop for scrolls, is_stop in found)
        stops[width] = sum(is_stop for _, is_stop in found)
    assert stops[min(WIDTHS)] > stops[max(WIDTHS)] == 0


def test_on_paper(learner: Window, tmp_path: Path) -> None:
    page = learner.open("03-engine.html")
    page.pdf(path=tmp_path / "page.pdf")
    assert (tmp_path / "page.pdf").read_bytes().startswith(b"%PDF")


def test_types(tmp_path: Path) -> None:
    """The scripts of the pages are right by their JSDoc types, with the editor's own."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        missing_on_this_machine("npm", "apt-get install npm")
    install = [str(npm), "install", "--silent", "--no-audit", "--no-fund", TYPESCRIPT]
    if subprocess.run(install, cwd=tmp_path, capture_output=True, check=False).returncode:
        missing_on_this_machine(TYPESCRIPT, " ".join(install))
    for one in cache.pinned():
        if one.manager == "npm" and one.name != "pyodide":
            with tarfile.open(cache.folder() / one.file) as archive:
                archive.extractall(tmp_path / "unpacked" / one.name, filter="data")
            target = tmp_path / "node_modules" / one.name
            target.parent.mkdir(exist_ok=True)
            shutil.move(tmp_path / "unpacked" / one.name / cache.INDEX, target)
    for folder in (PAGES, ENGINE):
        shutil.copytree(folder, tmp_path / "site" / folder.name)
    (tmp_path / "tsconfig.json").write_text(CHECKED)
    command = [str(node), "node_modules/typescript/bin/tsc", "-p", "."]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stdout == ""


SEEN = """
import { places } from "./gaps.mjs";
import { readFileSync } from "node:fs";
const given = JSON.parse(readFileSync("given.json"));
console.log(JSON.stringify(given.map(([lines, gap]) => places(lines, gap).map(({ first, last }) => [first, last]))));
"""


def test_what_is_in_sight(tmp_path: Path) -> None:
    """Of each exercise the editor shows the functions or classes with its gaps, and no more than the book
    does; all, where its marks are gone."""
    node = shutil.which("node")
    if node is None:
        missing_on_this_machine("node", "apt-get install nodejs")
    shutil.copy(PAGES / "gaps.js", tmp_path / "gaps.mjs")
    (tmp_path / "seen.mjs").write_text(SEEN)
    exercises = KIT.manifest.exercises
    given = [[KIT.stub(one.file).split("\n"), one.gap] for one in exercises]
    given.append([["# exercise: add", "pass"], "add"])
    (tmp_path / "given.json").write_text(json.dumps(given))
    done = subprocess.run([str(node), "seen.mjs"], cwd=tmp_path, capture_output=True, text=True, check=True)
    *found, without_end = json.loads(done.stdout)
    assert without_end == []
    for one, (lines, _), ranges in zip(exercises, given[:-1], found, strict=True):
        seen = [line.strip() for first, last in ranges for line in lines[first : last + 1] if line.strip()]
        wanted = [line.strip() for line in code(KIT, one).split("\n") if line.strip()]
        marked = [line for line in seen if line == f"# exercise: {one.gap}"]
        assert len(marked) == "\n".join(lines).count(f"# exercise: {one.gap}\n") > 0, one.id
        assert [line for line in seen if line.startswith("# exercise") and line not in marked] == [], one.id
        assert all(re.match(r"\s*(def|class|@)", lines[first]) for first, _ in ranges), one.id
        assert len(seen) <= len(wanted) + 1, (one.id, seen)
