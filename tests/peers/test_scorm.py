"""The packages for learning management systems, played in a browser inside scorm-again: what is answered arrives."""

from __future__ import annotations

import json
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import Browser, Frame, Page, expect

from macros import scorm, source
from macros.model import LANGUAGES

from ..conftest import MINIATURE, hosted

HERE = Path(__file__).parent
VERSIONS = ("1.2", "2004")
SCHEMAS = {"1.2": "scorm12edition", "2004": "scorm20044thedition"}
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; frame-src 'self'"
QUIZ = "first-questions"
each_language = pytest.mark.parametrize("language", LANGUAGES)
each_version = pytest.mark.parametrize("version", VERSIONS)

RIGHT: dict[str, Any] = {
    "who-speaks": ["you"],
    "what-to-bring": ["question", "notes"],
    "patience-helps": ["false"],
    "in-order": {"call": "2", "read": "1", "write": "3"},
    "who-does-what": {"kettle": "kettle", "phone": "phone", "diary": "diary"},
    "the-word": {"en": "Sales  LEAD", "zh": "销售线索。"},
    "the-sum": "５０",
    "a-call": ["later", "agreed"],
}
WRONG: dict[str, Any] = {
    "who-speaks": ["customer"],
    "what-to-bring": ["luck", "notes"],
    "patience-helps": ["true"],
    "in-order": {"read": "3", "call": "1", "write": "2"},
    "who-does-what": {"kettle": "phone", "phone": "kettle", "diary": "diary"},
    "the-word": {"en": "a; {lang=fr}[,]guess", "zh": "猜的；{}"},
    "the-sum": "1,234 calls",
    "a-call": ["one-minute", "cut-off"],
}
# What the system is told of each question: its type, what is right, and the answers above, by version.
TOLD: dict[str, dict[str, tuple[str, list[str], str, str]]] = {
    "1.2": {
        "who-speaks": ("choice", ["a"], "a", "c"),
        "what-to-bring": ("choice", ["a,c"], "a,c", "a,b"),
        "patience-helps": ("true-false", ["f"], "f", "t"),
        "in-order": ("sequencing", ["a,b,c"], "a,b,c", "b,c,a"),
        "who-does-what": ("matching", ["a.a,b.b,c.c"], "a.a,b.b,c.c", "a.b,b.a,c.c"),
        "the-sum": ("numeric", ["50"], "50", "1234"),
        "a-call": ("performance", ["start 0:later 0:agreed"], "start 0:later 0:agreed", "start 1:one-minute 1:cut-off"),
    },
    "2004": {
        "who-speaks": ("choice", ["you"], "you", "customer"),
        "what-to-bring": ("choice", ["notes[,]question"], "notes[,]question", "notes[,]luck"),
        "patience-helps": ("true-false", ["false"], "false", "true"),
        "in-order": ("sequencing", ["read[,]call[,]write"], "read[,]call[,]write", "call[,]write[,]read"),
        "who-does-what": (
            "matching",
            ["kettle[.]kettle[,]phone[.]phone[,]diary[.]diary"],
            "kettle[.]kettle[,]phone[.]phone[,]diary[.]diary",
            "kettle[.]phone[,]phone[.]kettle[,]diary[.]diary",
        ),
        "the-sum": ("numeric", ["50[:]50"], "50", "1234"),
        "a-call": ("other", ["start 0:later 0:agreed"], "start 0:later 0:agreed", "start 1:one-minute 1:cut-off"),
    },
}
BLANKS = {
    ("1.2", "en"): (["lead", "sales lead"], "Sales  LEAD", "a; {lang=fr}[,]guess"),
    ("1.2", "zh"): (["线索", "销售线索"], "销售线索。", "猜的；{}"),
    ("2004", "en"): (
        ["{case_matters=false}{lang=en}lead", "{case_matters=false}{lang=en}sales lead"],
        "{lang=en}Sales  LEAD",
        "{lang=en}a; {lang=fr},guess",
    ),
    ("2004", "zh"): (
        ["{case_matters=false}{lang=zh}线索", "{case_matters=false}{lang=zh}销售线索"],
        "{lang=zh}销售线索。",
        "{lang=zh}猜的；{}",
    ),
}


class Lms:
    """A learning management system with one package in it, and somebody who takes the test."""

    def __init__(self, page: Page, address: str, version: str, language: str) -> None:
        self.page, self.version, self.language = page, version, language
        self.complaints: list[str] = []
        page.on("console", lambda said: said.type in ("error", "warning") and self.complaints.append(said.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: request.url.startswith(address) or self.complaints.append(request.url))
        page.goto(f"{address}lms.html?{version}")

    @property
    def frame(self) -> Frame:
        """The frame of the package."""
        expect(self.page.frame_locator("iframe").locator("[data-said]")).not_to_be_empty()
        found = self.page.frame(name="package")
        assert found is not None
        return found

    @property
    def cmi(self) -> dict[str, Any]:
        """What the system has saved."""
        return self.page.evaluate("JSON.parse(localStorage.getItem('saved')).cmi")

    @property
    def told(self) -> dict[str, Any]:
        """Score and status, by the same names in both versions."""
        cmi = self.cmi
        if self.version == "1.2":
            core = cmi["core"]
            return {"raw": core["score"]["raw"], "status": core["lesson_status"], "exit": core["exit"]}
        status = f"{cmi['completion_status']}, {cmi['success_status']}"
        return {"raw": cmi["score"]["raw"], "status": status, "exit": cmi["exit"]}

    @property
    def interactions(self) -> list[dict[str, Any]]:
        """The answers that the system has saved."""
        found = self.cmi["interactions"]
        return list(found.values()) if isinstance(found, dict) else found

    def answers_told(self) -> dict[str, tuple[str, list[str], str, str]]:
        """Type, right answers, answer and result, by the id of the question."""
        response = "student_response" if self.version == "1.2" else "learner_response"
        return {
            one["id"]: (
                one["type"],
                [pattern["pattern"] for pattern in listed(one["correct_responses"])],
                one[response],
                one["result"],
            )
            for one in self.interactions
        }

    def calls(self, name: str) -> list[list[str]]:
        """The calls of a name, in all sessions."""
        return [call for call in self.page.evaluate("calls") if call[0] == name]

    def answer(self, question: str, given: dict[str, Any]) -> None:
        """Answer a question by hand."""
        form = self.frame.locator(f"form[data-question={question}]")
        answer = given[question]
        if question == "a-call":
            for scene in answer:
                form.locator(f"a[data-to={scene}]:visible").first.click()
            return
        if isinstance(answer, list):
            for value in answer:
                form.locator(f"input[value={value}]").check()
        elif isinstance(answer, dict) and "en" not in answer:
            for name, value in answer.items():
                form.locator(f"select[name={name}]").select_option(value)
        else:
            form.locator("input[type=text]").fill(answer[self.language] if isinstance(answer, dict) else answer)
        form.locator("[data-check]").click()

    def again(self) -> None:
        """Leave, and come back."""
        self.page.reload()


def listed(value: Any) -> list[Any]:
    """The parts of what scorm-again writes as a list or by number."""
    return list(value.values()) if isinstance(value, dict) else value


@pytest.fixture(scope="module")
def library() -> Path:
    """The file of scorm-again."""
    file = HERE / "node_modules" / "scorm-again" / "dist" / "scorm-again.min.js"
    if not file.is_file():
        pytest.fail("scorm-again is not installed; `make peers` installs it")
    return file


@contextmanager
def installed(
    package: Path, library: Path, folder: Path, browser: Browser, version: str, language: str
) -> Iterator[Lms]:
    """A system with a package; fails where the page complained, or the system refused what it was told."""
    with zipfile.ZipFile(package) as archive:
        archive.extractall(folder / "package")
    for file in (library, HERE / "lms.html", HERE / "lms.js"):
        shutil.copy(file, folder)
    (folder / "_headers").write_text(f"/*\n  Content-Security-Policy: {POLICY}\n", encoding="utf-8")
    (folder / "404.html").write_text("", encoding="utf-8")
    with hosted(folder) as address:
        context = browser.new_context()
        context.set_default_timeout(20_000)
        lms = Lms(context.new_page(), address, version, language)
        yield lms
        refused = [call for call in lms.calls("SetValue") if call[-1] != "true"]
        context.close()
    assert refused == []
    assert lms.complaints == []


@pytest.fixture
def lms(version: str, language: str, library: Path, browser: Browser, tmp_path: Path) -> Iterator[Lms]:
    """A system with the package of the miniature playbook."""
    files = scorm.write(source.read(MINIATURE), language, f"https://playbook.example/{language}/", tmp_path)
    (package,) = [file for file in files if scorm.NAMES[version] in file.name]
    folder = tmp_path / "host"
    folder.mkdir()
    with installed(package, library, folder, browser, version, language) as lms:
        yield lms


def expected(version: str, language: str, right: bool) -> dict[str, tuple[str, list[str], str, str]]:
    """What a system is told where every question is answered right, or wrong."""
    told = TOLD[version] | {"the-word": ("fill-in", *BLANKS[version, language])}
    result = "correct" if right else "wrong" if version == "1.2" else "incorrect"
    return {
        f"{QUIZ}.{question}": (kind, patterns, good if right else bad, result)
        for question, (kind, patterns, good, bad) in told.items()
    }


# ---------------------------------------------------------------------------------------------------- by hand


@each_language
@each_version
def test_nothing_is_told_before_an_answer(lms: Lms, version: str) -> None:
    open_ = "incomplete" if version == "1.2" else "incomplete, unknown"
    assert lms.frame.locator("form").count() == len(RIGHT)
    assert lms.told == {"raw": "0", "status": open_, "exit": "suspend"}
    assert lms.interactions == []
    form = lms.frame.locator("form[data-question=who-speaks]")
    form.locator("[data-check]").click()  # nothing is chosen yet
    form.locator("input[value=you]").check()
    assert lms.interactions == []


@each_language
@each_version
def test_right_answers_pass(lms: Lms, version: str, language: str) -> None:
    for place, question in enumerate(RIGHT, 1):
        lms.answer(question, RIGHT)
        assert len(lms.interactions) == place
    passed = "passed" if version == "1.2" else "completed, passed"
    assert lms.told == {"raw": "100", "status": passed, "exit": "" if version == "1.2" else "normal"}
    assert lms.answers_told() == expected(version, language, right=True)
    expect(lms.frame.locator("[data-result]")).to_be_visible()
    expect(lms.frame.locator("[data-take-again]")).to_be_hidden()


@each_language
@each_version
def test_some_wrong_answers_fail_and_the_test_is_taken_again(lms: Lms, version: str, language: str) -> None:
    wrong = ("who-speaks", "in-order")
    for question in RIGHT:
        lms.answer(question, WRONG if question in wrong else RIGHT)
    failed = "failed" if version == "1.2" else "completed, failed"
    assert lms.told["raw"] == "75"
    assert lms.told["status"] == failed
    good, bad = (expected(version, language, right=right) for right in (True, False))
    told = {key: bad[key] if key.split(".")[1] in wrong else good[key] for key in good}
    assert lms.answers_told() == told
    lms.frame.locator("[data-take-again]").click()
    assert lms.told["raw"] == "0"
    for question in RIGHT:
        lms.answer(question, RIGHT)
    assert lms.told["status"].endswith("passed")
    assert lms.answers_told() == good
    assert len(lms.interactions) == len(RIGHT)


@each_language
@each_version
def test_every_wrong_answer_arrives(lms: Lms, version: str, language: str) -> None:
    for question in WRONG:
        lms.answer(question, WRONG)
    assert lms.answers_told() == expected(version, language, right=False)
    assert lms.told["raw"] == "0"


@each_language
@each_version
def test_first_answer_counts(lms: Lms) -> None:
    lms.answer("who-speaks", WRONG)
    form = lms.frame.locator("form[data-question=who-speaks]")
    expect(form.locator("[data-check]")).to_be_hidden()
    expect(form.locator("[data-again]")).to_be_hidden()
    expect(form.locator("input[value=you]")).to_be_disabled()
    form.evaluate("form => { form.querySelector('input[value=you]').checked = true; form.requestSubmit(); }")
    (told,) = lms.interactions
    assert told["result"] != "correct"
    assert lms.told["raw"] == "0"


@each_language
@each_version
def test_whoever_comes_back_goes_on(lms: Lms, version: str) -> None:
    given = {question: WRONG if place % 2 else RIGHT for place, question in enumerate(RIGHT)}
    first = [question for question in RIGHT if question not in ("what-to-bring", "the-word")]
    for question in first:
        lms.answer(question, given[question])
    shown = verdicts(lms)
    before = lms.answers_told()
    lms.again()
    assert lms.calls("Terminate")[-1][-1] == "true"
    assert len(lms.calls("Terminate")) == 1
    assert verdicts(lms) == shown
    assert lms.told["status"].startswith("incomplete")
    assert lms.answers_told() == before
    for question in RIGHT:
        if question not in first:
            lms.answer(question, given[question])
    right = [question for question in RIGHT if given[question] is RIGHT]
    assert lms.told["raw"] == str(100 * len(right) // len(RIGHT))
    assert lms.told["status"].endswith("failed")
    assert set(lms.answers_told()) == {f"{QUIZ}.{question}" for question in RIGHT}
    assert len(lms.interactions) == len(RIGHT)
    lms.again()
    assert lms.told["raw"] == str(100 * len(right) // len(RIGHT))
    expect(lms.frame.locator("[data-result]")).to_be_visible()


def verdicts(lms: Lms) -> list[tuple[str, str]]:
    """How each question stands on the page: its answer, and what is said to it."""
    return [
        tuple(line)
        for line in lms.frame.evaluate(
            """() => [...document.querySelectorAll("form")].map((form) => [
              JSON.stringify([
                [...form.querySelectorAll("input")].map((one) => [one.value, one.checked]).sort(),
                [...form.querySelectorAll("select")].map((one) => [one.name, one.value]).sort(),
                [...form.querySelectorAll("[data-scene]:not([data-off])")].map((one) => one.dataset.scene),
              ]),
              form.querySelector("[data-verdict]").textContent,
            ])"""
        )
    ]


@each_version
@pytest.mark.parametrize("language", ["en"])
def test_nothing_stays_in_the_browser(lms: Lms) -> None:
    lms.answer("who-speaks", RIGHT)
    lms.again()
    lms.answer("patience-helps", RIGHT)
    assert lms.page.evaluate("Object.keys(localStorage).sort()") == ["calls", "saved"]


@pytest.mark.parametrize("version", ["2004"])
@each_language
def test_each_answer_has_its_time_and_the_words_of_the_question(lms: Lms, language: str) -> None:
    lms.answer("who-speaks", RIGHT)
    (told,) = lms.interactions
    words = {"en": "Who speaks first on a call?", "zh": "电话里谁先说？"}
    assert told["description"] == f"{{lang={language}}}{words[language]}"
    assert told["timestamp"]
    assert told["latency"].startswith("PT")
    assert lms.cmi["progress_measure"] == "0.13"
    assert lms.cmi["score"]["scaled"] == "0.12"


# ---------------------------------------------------------------------------------------------------- real content

PLAY = """([wanted, long]) => {
  const forms = [...document.querySelectorAll("form")];
  const course = JSON.parse(document.querySelector("[data-course]").textContent);
  for (const form of forms) {
    const asked = course.questions[`${form.dataset.of}/${form.dataset.question}`];
    const inputs = form.querySelector("[data-inputs]");
    const right = (one) => "right" in one.dataset === wanted;
    if (["single", "true-false"].includes(asked.type)) [...inputs.querySelectorAll("input")].find(right).checked = true;
    if (asked.type === "multiple") for (const one of inputs.querySelectorAll("input")) one.checked = right(one);
    const lines = [...inputs.querySelectorAll("li[data-right]")];
    lines.forEach((line, place) => {
      const other = lines[(place + 1) % lines.length]; // each what belongs to the next: all different, all wrong
      line.querySelector("select").value = (wanted ? line : other).dataset.right;
    });
    const blank = inputs.querySelector("input[type=text]");
    if (asked.type === "fill-in") blank.value = wanted ? JSON.parse(form.dataset.accept)[0] : long;
    if (asked.type === "numeric") blank.value = wanted ? form.dataset.number : "-1234567";
    if (asked.type === "scenario") {
      const way = asked.right[0].split(" ").slice(1);
      let bad = 200;
      while (!("counted" in form.dataset)) {
        const scene = [...inputs.querySelectorAll("[data-scene]:not([data-off])")].at(-1);
        const choices = [...scene.querySelectorAll("[data-to]")];
        const step = wanted ? Number(way.shift().split(":")[0]) : choices.length - 1 - (bad % choices.length);
        if (bad-- < 0) throw new Error("it never ends");
        choices[step].click();
      }
    } else form.querySelector("[data-check]").click();
  }
}"""


@each_language
@each_version
@pytest.mark.parametrize("right", [True, False], ids=["right", "wrong"])
def test_every_question_of_every_path(
    right: bool,
    version: str,
    language: str,
    book: source.Playbook,
    library: Path,
    browser: Browser,
    tmp_path: Path,
) -> None:
    files = scorm.write(book, language, f"https://playbook.example/{language}/", tmp_path)
    packages = [file for file in files if scorm.NAMES[version] in file.name]
    assert len(packages) == len(book.of("paths"))
    for number, package in enumerate(packages):
        folder = tmp_path / f"host-{number}"
        folder.mkdir()
        with installed(package, library, folder, browser, version, language) as lms:
            lms.frame.evaluate(PLAY, [right, "长" * 80])
            asked = lms.frame.locator("form").count()
            assert len(lms.interactions) == asked > 50
            results = [one["result"] for one in lms.interactions]
            if right:
                assert results == ["correct"] * asked
                assert lms.told["raw"] == "100"
                assert lms.told["status"].endswith("passed")
            else:
                assert lms.told["status"].endswith("failed")
                assert "correct" not in [
                    one["result"] for one in lms.interactions if one["type"] not in ("performance", "other")
                ]
            assert len(lms.cmi["suspend_data"]) <= (4096 if version == "1.2" else 64000)
            shown = verdicts(lms)
            lms.again()
            assert verdicts(lms) == shown


def test_long_answers_fit_the_room_of_the_old_version(
    miniature: Path, library: Path, browser: Browser, tmp_path: Path
) -> None:
    """What is written by hand is left out where it would be too much; what was right stays known."""
    file = miniature / "data/quizzes/first-questions.yml"
    quiz = yaml.safe_load(file.read_text(encoding="utf-8"))
    (blank,) = [question for question in quiz["questions"] if question["type"] == "fill-in"]
    quiz["questions"] += [deepcopy(blank) | {"id": f"blank-{number}"} for number in range(80)]
    quiz["verified_on"], quiz["review_in"] = str(quiz["verified_on"]), str(quiz["review_in"])
    file.write_text(yaml.safe_dump(quiz, allow_unicode=True), encoding="utf-8")
    book = source.read(miniature)
    assert book.problems == []
    package = next(
        file for file in scorm.write(book, "en", "https://playbook.example/en/", tmp_path) if "12" in file.name
    )
    folder = tmp_path / "host"
    folder.mkdir()
    with installed(package, library, folder, browser, "1.2", "en") as lms:
        lms.frame.evaluate(PLAY, [False, "x" * 80])
        assert len(lms.interactions) == len(RIGHT) + 80
        assert 3000 < len(lms.cmi["suspend_data"]) <= 4096
        lms.again()
        assert lms.frame.locator("[data-counted]").count() == len(RIGHT) + 80


# ---------------------------------------------------------------------------------------------------- manifests


@each_version
def test_manifests_are_valid(version: str, book: source.Playbook, tmp_path: Path) -> None:
    """Against the schemas of the standards."""
    if shutil.which("node") is None:
        pytest.fail("node is not installed; it is needed to validate")
    if not (HERE / "node_modules" / "libxml2-wasm").is_dir():
        pytest.fail("libxml2-wasm is not installed; `make peers` installs it")
    manifests = []
    for language in LANGUAGES:
        for file in scorm.write(book, language, f"https://playbook.example/{language}/", tmp_path):
            if scorm.NAMES[version] in file.name:
                manifests.append(file.with_suffix(".xml"))
                manifests[-1].write_bytes(zipfile.ZipFile(file).read("imsmanifest.xml"))
    assert validated(version, *manifests) == ""
    broken = tmp_path / "broken.xml"
    broken.write_bytes(manifests[0].read_bytes().replace(b"<title>", b"<titel>").replace(b"</title>", b"</titel>"))
    assert "titel" in validated(version, broken)


def validated(version: str, *files: Path) -> str:
    """What is wrong with manifests."""
    command = ["node", HERE / "xsd.mjs", SCHEMAS[version], *files]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    return "" if done.returncode == 0 else done.stderr or json.dumps(done.returncode)
