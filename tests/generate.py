"""Writes playbooks of N synthetic entries in two languages, for measuring: the same N gives the same files.

Words are drawn as often as words are in real text: a few hundred common ones, then a long tail of made-up ones, so that
a larger playbook also has a larger vocabulary, as the search index meets it. The sentences mean nothing.
"""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable, Iterator
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Any

import yaml

from macros import rules
from macros.model import KINDS, Ref
from macros.render import Site
from macros.site import open_site

ROOT = Path(__file__).resolve().parents[1]
VOCABULARY = 40_000
FACTS = 60

SHARES = {
    "glossary": 18,
    "plays": 14,
    "checklists": 6,
    "seller-functions": 10,
    "manager-functions": 10,
    "products": 10,
    "seller-qualities": 7,
    "manager-qualities": 6,
    "manager-objectives": 6,
    "statistics": 5,
    "pages": 4,
    "quizzes": 3,
    "paths": 1,
}
"""How many of a hundred entries are of a kind; owners are a few, however large the playbook."""
OWNERS = ["sales-leadership", "sales-enablement", "sales-operations", "product-marketing"]
REFERENCES = {"objectives": "manager-objectives", "qualities": "manager-qualities"}
"""The fields of a manager's function that hold references, and where they lead."""
LINKED_FROM_HOME = ["sales-representative", "sales-manager", "keep-the-playbook"]

COMMON_EN = """
the to a and of you it is in for on that what with your they not ask before say customer one who when at as are this do
call price be how by which from product team next write seller if or has have deal manager week need no time date first
reason talk work two question answer then their more people name see day give help plan meeting value after person month
old new number note list show find tell keep know learn decide agree offer order pay buy sell visit mail read hear wait
start stop change test compare check share lead prospect forecast pipeline quota budget discount contract delivery stock
service support invoice renewal risk doubt objection proof benefit feature quality skill coaching review report target
result problem cause cost saving market rival partner owner buyer office branch region season training practice example
story habit trust promise step rule sign word fact clear short plain honest early late small large quick slow open ready
useful true certain likely hard easy
"""
COMMON_ZH = """
的 了 是 在 和 客户 你 不 要 先 再 把 问 说 有 就 也 都 给 对 这 那 谁 为什么 怎么 什么 时候 销售 经理 代表 产品
价格 团队 下一步 理由 时间 日期 问题 回答 需要 计划 会议 电话 价值 记录 清单 合同 订单 交货 库存 服务 支持 发票
续约 风险 顾虑 异议 证明 好处 功能 素质 技能 辅导 复盘 报告 目标 结果 原因 成本 节省 市场 对手 伙伴 负责人 买家
门店 区域 季节 培训 练习 例子 故事 习惯 信任 承诺 步骤 规则 信号 事实 清楚 简短 诚实 尽早 容易 困难 决定 同意
报价 付款 购买 拜访 邮件 等待 开始 停止 改变 测试 比较 检查 分享 带领 潜在客户 预测 漏斗 指标 预算 折扣
"""
SYLLABLES = "ba co di fe gu la me ni po ra se ti vo wa xe za dor ling mar nest pal quin ron sol tav ven"
CHARACTERS = """
安 包 北 变 标 场 城 程 存 达 单 当 导 到 定 动 法 方 访 放 服 改 高 格 个 工 公 购 管 规 合 户 话 会 货 机 计 价 见 交
接 结 解 经 库 理 量 流 路 门 名 内 能 年 品 平 期 前 求 区 全 认 日 商 上 社 生 实 市 式 事 手 水 台 体 天 条 通 同 图
外 网 位 文 物 现 向 项 新 信 行 形 型 许 学 业 意 用 友 员 原 约 运 者 真 证 知 值 制 中 重 主 住 注 专 资 自 总 组
"""

WEIGHTS = list(accumulate((rank + 3) ** -1.1 for rank in range(VOCABULARY)))
"""How often each word is drawn, summed up: the second about half as often as the first, and so on, as in real text."""


def _vocabulary(common: str, parts: str, start: int) -> list[str]:
    """The common words, then made-up ones: each number from `start`, written with the parts as its digits."""
    digits = parts.split()
    words = common.split()
    for number in range(start, start + VOCABULARY - len(words)):
        word = ""
        while number:
            number, place = divmod(number, len(digits))
            word += digits[place]
        words.append(word)
    return words


WORDS_EN = _vocabulary(COMMON_EN, SYLLABLES, 1_000)
WORDS_ZH = _vocabulary(COMMON_ZH, CHARACTERS, 100)


class Author:
    """Writes entry after entry; `targets` holds the id of every entry there will be, by kind."""

    def __init__(self, targets: dict[str, list[str]], seed: int) -> None:
        self.random = Random(seed)  # noqa: S311
        self.targets = targets
        self.everything = [Ref(kind, name) for kind, names in targets.items() for name in names]
        self.writing: Ref | None = None

    # -------------------------------------------------------------------------------------------- texts

    def _sentence(self, count: int) -> tuple[str, str]:
        english = self.random.choices(WORDS_EN, cum_weights=WEIGHTS, k=count)
        chinese = self.random.choices(WORDS_ZH, cum_weights=WEIGHTS, k=count)
        if count > 8:
            english[count // 2] += ","
            chinese[count // 2] += "，"
        return " ".join(english).capitalize() + ".", "".join(chinese) + "。"

    def line(self, count: int) -> dict[str, str]:
        """Plain text of `count` words in each language, without a full stop."""
        english, chinese = self._sentence(count)
        return {"en": english[:-1], "zh": chinese[:-1]}

    def say(self, count: int = 12) -> dict[str, str]:
        """A question, word for word."""
        english, chinese = self._sentence(count)
        return {"en": english[:-1] + "?", "zh": chinese[:-1] + "？"}

    def prose(self, count: int, *, bold: bool = False) -> dict[str, str]:
        """Rich text of about `count` words; every sixth leads to another entry, at the same place in both languages."""
        sentences = [self._sentence(min(12, count - done)) for done in range(0, count, 12)]
        english, chinese = " ".join(en for en, _ in sentences), "".join(zh for _, zh in sentences)
        if bold:
            english = re.sub(r"^(\S+ \S+)\b", r"**\1**", english)
            chinese = "**先做**，" + chinese
        ref = self.random.choice(self.everything)
        if ref != self.writing and self.random.random() < 1 / 6:
            shown = ("|" + " ".join(WORDS_EN[100:102]), "|" + WORDS_ZH[50]) if self.random.random() < 0.5 else ("", "")
            english += f" See [[{ref}{shown[0]}]]."
            chinese += f"参见[[{ref}{shown[1]}]]。"
        return {"en": english, "zh": chinese}

    def several(self, count: int, text: Callable[..., Any], *arguments: Any, **options: Any) -> list[Any]:
        """A list of `count` texts."""
        return [text(*arguments, **options) for _ in range(count)]

    # -------------------------------------------------------------------------------------------- parts

    def refs(self, kind: str, count: int) -> list[str]:
        """The ids of some entries of a kind."""
        names = self.targets[kind]
        return sorted(self.random.sample(names, min(count, len(names))))

    def _metric(self) -> dict[str, Any]:
        return {"name": self.line(3), "formula": self.line(9), "unit": "count", "better": "up"}

    def _step(self) -> dict[str, Any]:
        return {"do": self.prose(14, bold=True), "why": self.prose(12), "say": [self.say(14)]}

    def _mistake(self) -> dict[str, Any]:
        return {"wrong": self.prose(10), "instead": self.prose(12)}

    def _answer(self) -> dict[str, Any]:
        return {"ask": self.say(9), "answer": self.prose(24)}

    def _feature(self, place: int) -> dict[str, Any]:
        return {
            "id": f"feature-{place}",
            "feature": self.line(3),
            "advantage": self.prose(12),
            "benefit": self.prose(12),
            "question": self.say(10),
            "proof": self.prose(10),
        }

    # -------------------------------------------------------------------------------------------- entries

    def entry(self, ref: Ref, title: dict[str, str], facts: list[str]) -> dict[str, Any]:
        """The fields of one entry."""
        self.writing = ref
        others = [other for other in self.random.sample(self.everything, 4) if other != ref]
        seeds = [{"seed": fact} for fact in facts]
        return {
            "title": title,
            "summary": self.line(14),
            "aliases": {
                language: [self.line(self.random.randint(1, 3))[language] for _ in range(4)]
                for language in ("en", "zh")
            },
            **getattr(self, "_" + ref.kind.replace("-", "_"))(),
            "related": [str(other) for other in others[:3]],
            "sources": [*seeds, {"house": self.prose(30)}],
            "owner": self.random.choice(self.targets["owners"]),
            "verified_on": f"2026-11-{self.random.randint(1, 23):02}",
            "review_in": "12 months",
        }

    def _manager_functions(self) -> dict[str, Any]:
        return {
            "why": self.prose(40),
            "behaviours": self.several(4, self.prose, 16),
            "cadence": [{"every": every, "do": self.prose(14)} for every in ("week", "month", "quarter")],
            "metrics": self.several(3, self._metric),
            **{field: self.refs(kind, 2) for field, kind in REFERENCES.items()},
            "coaching_questions": self.several(4, self.say),
            "anti_patterns": self.several(3, self._mistake),
        }

    def _manager_objectives(self) -> dict[str, Any]:
        return {
            "statement": self.prose(40),
            "horizon": self.line(6),
            "kpis": self.several(4, self._metric),
            "leading_indicators": self.several(4, self.prose, 16),
            "activities": self.several(5, self.prose, 16),
            "risks": [{"risk": self.prose(12), "response": self.prose(16)} for _ in range(3)],
        }

    def _quality(self) -> dict[str, Any]:
        levels = ("learning", "capable", "strong", "exemplary")
        return {
            "definition": self.prose(36),
            "levels": {level: self.several(2, self.prose, 12) for level in levels},
            "self_check": self.several(3, self.prose, 12),
            "interview_questions": [{"ask": self.say(), "listen_for": self.prose(14)} for _ in range(3)],
            "develop": self.several(4, self.prose, 14),
            "warning_signs": self.several(3, self.prose, 12),
        }

    _manager_qualities = _seller_qualities = _quality

    def _seller_functions(self) -> dict[str, Any]:
        return {
            "stage": self.random.choice(["prospect", "discover", "propose", "negotiate", "close", "grow"]),
            "why": self.prose(30),
            "trigger": self.prose(12),
            "steps": self.several(4, self._step),
            "exit": self.prose(12),
            "questions": self.several(4, self.say),
            "stop_when": self.several(3, self.prose, 12),
            "metrics": self.several(2, self._metric),
            "mistakes": self.several(2, self._mistake),
        }

    def _products(self) -> dict[str, Any]:
        return {
            "one_line": self.line(10),
            "personas": [{"name": self.line(3), "cares_about": self.prose(12)} for _ in range(2)],
            "functions": self.several(3, self.prose, 10),
            "applications": self.several(3, self.prose, 10),
            "not_for": self.several(2, self.prose, 10),
            "features": [self._feature(place) for place in (1, 2, 3)],
            "differences": [{"than": self.line(3), "ours": self.prose(12), "theirs": self.prose(12)}],
            "questions": self.several(2, self._answer),
            "doubts": self.several(1, self._answer),
            "price": {"text": self.prose(16), "valid_until": "2027-01-31", "audience": "public"},
        }

    def _plays(self) -> dict[str, Any]:
        return {
            "moment": self.prose(24),
            "roles_involved": ["seller", "manager"],
            "needs": self.several(3, self.prose, 12),
            "steps": self.several(5, self._step),
            "good": self.several(3, self.prose, 12),
            "script": self.several(2, self.say),
        }

    def _checklists(self) -> dict[str, Any]:
        def step(place: int) -> dict[str, Any]:
            return {"id": f"step-{place}", "text": self.line(7), "why": self.prose(12)}

        return {
            "moment": self.prose(14),
            "role": self.random.choice(["seller", "manager"]),
            "cadence": self.random.choice(["once", "week", "time-it-happens"]),
            "minutes": 10,
            "mode": "read-do",
            "steps": [step(place) for place in range(1, 13)],
            "sign_off": self.line(3),
            "serves": [f"plays/{name}" for name in self.refs("plays", 2)],
            "then": [f"seller-functions/{name}" for name in self.refs("seller-functions", 1)],
        }

    def _question(self, place: int) -> dict[str, Any]:
        options = [{"id": name, "text": self.line(9), "feedback": self.prose(12)} for name in ("a", "b", "c")]
        options[place % 3]["correct"] = True
        return {
            "id": f"question-{place}",
            "type": "single",
            "prompt": self.prose(20),
            "options": options,
            "why": self.prose(20),
            "rests_on": [f"glossary/{name}" for name in self.refs("glossary", 1)],
            "difficulty": "medium",
            "skill": "apply",
        }

    def _quizzes(self) -> dict[str, Any]:
        # Few enough with one answer that their lengths, drawn by lot, are not judged.
        questions = [self._question(place) for place in range(3)]
        for place in range(3, 12):
            questions.append({**self._question(place), "type": "true-false", "options": [], "correct": True})
        return {"audience": ["seller"], "minutes": 10, "questions": questions}

    def _paths(self) -> dict[str, Any]:
        def stage(place: int) -> dict[str, Any]:
            days = {"from_day": place * 10 + 1, "to_day": place * 10 + 10}
            tasks = [
                {"id": f"task-{place}-{number}", "day": place * 10 + number, "do": self.line(8), "why": self.prose(10)}
                for number in range(1, 9)
            ]
            texts = {"title": self.line(2), "aim": self.prose(16), "confidence": self.say()}
            return {"id": f"stage-{place}", **texts, **days, "tasks": tasks}

        play = {"title": self.line(4), "setting": self.prose(30), "minutes": 20, "passed_when": self.line(8)}
        criteria = [{"id": f"seen-{n}", "text": self.line(5), "look_for": self.prose(12)} for n in range(4)]
        return {
            "role": "seller",
            "stages": [stage(place) for place in range(5)],
            "role_play": {**play, "criteria": criteria},
        }

    def _statistics(self) -> dict[str, Any]:
        return {
            "claim": self.prose(50),
            "number": self.line(4),
            "grade": self.random.choice(["weak", "unverified", "garbled", "unsupported"]),
            "why": self.prose(64),
            "say_instead": self.several(4, self.say, 20),
            "population": self.line(10),
            "method": self.line(10),
        }

    def _glossary(self) -> dict[str, Any]:
        return {"definition": self.prose(64), "example": self.prose(64), "avoid": {"en": ["Thing"], "zh": ["东西"]}}

    def _pages(self) -> dict[str, Any]:
        def section(place: int) -> dict[str, Any]:
            texts = [self.prose(50), self.prose(14), self.prose(14)]
            body = {language: "{}\n\n- {}\n- {}\n".format(*(text[language] for text in texts)) for language in texts[0]}
            return {"id": f"part-{place}", "heading": self.line(4), "body": body}

        return {"sections": [section(place) for place in range(1, 6)]}

    def _owners(self) -> dict[str, Any]:
        return {"duty": self.prose(60)}


def shares(count: int) -> dict[str, int]:
    """How many entries of each kind a playbook of `count` entries has; every kind has some."""
    least = dict.fromkeys(SHARES, 1) | {"pages": len(LINKED_FROM_HOME)}
    rest = count - len(OWNERS)
    if rest < sum(least.values()):
        raise ValueError(f"a playbook needs at least {sum(least.values()) + len(OWNERS)} entries")
    found = {kind: max(least[kind], rest * share // 100) for kind, share in SHARES.items()}
    # The rounding is made up for by the plays.
    found["plays"] += rest - sum(found.values())
    return {**found, "owners": len(OWNERS)}


def entries(count: int, seed: int = 1) -> Iterator[tuple[Ref, dict[str, Any]]]:
    """`count` entries as they stand in YAML; their titles differ, their references lead somewhere."""
    titles = Author({}, seed)
    seen: set[str] = set()
    targets: dict[str, list[str]] = {}
    named: dict[Ref, dict[str, str]] = {}
    for kind, share in shares(count).items():
        fixed = {"owners": OWNERS, "pages": LINKED_FROM_HOME}.get(kind, [])
        targets[kind] = []
        while len(targets[kind]) < share:
            title = titles.line(titles.random.randint(2, 4))
            if seen.isdisjoint(title.values()):
                seen.update(title.values())
                place = len(targets[kind])
                name = fixed[place] if place < len(fixed) else title["en"].lower().replace(" ", "-")
                targets[kind].append(name)
                named[Ref(kind, name)] = title
    author = Author(targets, seed + 1)
    for place, (ref, title) in enumerate(named.items()):
        yield ref, author.entry(ref, title, [fact_id(place)] if place < min(FACTS, count // 10) else [])


def fact_id(place: int) -> str:
    """The id of a fact by its place, from 0."""
    return f"F{place + 1}"


# ---------------------------------------------------------------------------------------------------- files


_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):
    """Writes YAML as people write it: no anchors."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def write(root: Path, count: int) -> None:
    """Make `root` a playbook of `count` entries, with the repository's own macros, theme and configuration."""
    for folder in ("macros", "overrides", "docs/assets"):
        shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ROOT.glob("mkdocs*.yml"):
        shutil.copy(file, root)
    _write(root / "docs" / "index.md", (ROOT / "docs" / "index.md").read_text(encoding="utf-8"))
    for kind in KINDS:
        _write(root / "docs" / kind / "index.md", rules.index_text(kind))
    facts = []
    for place, (ref, fields) in enumerate(entries(count)):
        text = yaml.dump(fields, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10_000)
        _write(root / "data" / f"{ref}.yml", text)
        _write(root / "docs" / f"{ref}.md", rules.page_text(ref))
        if "seed" in fields["sources"][0]:
            facts.append({"id": fact_id(place), "entry": str(ref), "words": fields["title"]})
    text = yaml.dump(facts, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10_000)
    _write(root / "data" / "facts.yml", text)


PLAIN = """\
site_name: Plain
site_dir: site
theme:
  name: material
  language: en
  font: false
  features:
    - navigation.prune
plugins: []
docs_dir: docs
validation:
  nav:
    omitted_files: ignore
"""


def write_plain(root: Path, ours: Path) -> None:
    """Make `root` a stock site of the English text of the playbook in `ours`, with the same folders and navigation.

    `docs` holds the text of the entries; `docs-words` besides what our pages add to it, so that both show the same.
    """
    nav = re.search(r"^nav:\n.*", (ours / "mkdocs.yml").read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert nav, "mkdocs.yml holds the navigation"
    _write(root / "mkdocs.yml", PLAIN + nav[0])
    _write(root / "mkdocs.search.yml", (PLAIN + nav[0]).replace("plugins: []", "plugins: [search]"))
    _write(root / "mkdocs.words.yml", (PLAIN + nav[0]).replace("docs_dir: docs", "docs_dir: docs-words"))
    site = open_site(ours, "en", "", "")
    listed: dict[str, list[str]] = {kind: [] for kind in KINDS}
    for ref, record in site.book.records.items():
        fields = yaml.load(record.text, Loader=_Loader)  # noqa: S506
        text = plain(fields, site)
        _write(root / "docs" / f"{ref}.md", text)
        _write(root / "docs-words" / f"{ref}.md", text + added(ref, site))
        listed[ref.kind].append(f"- [{record.entry.title.en}]({ref.id}.md) {record.entry.summary.en}")
    links = [f"- [{heading(kind)}]({kind}/index.md)" for kind in KINDS]
    for docs in ("docs", "docs-words"):
        _write(root / docs / "index.md", "\n".join(["# Plain", "", *links, ""]))
        for kind, lines in listed.items():
            _write(root / docs / kind / "index.md", "\n".join([f"# {heading(kind)}", "", *lines, ""]))


def heading(name: str) -> str:
    """A field or a kind as a heading."""
    return re.sub("[-_]", " ", name).capitalize()


def linked(ref: Ref, site: Site) -> str:
    """A link to an entry."""
    return f"[{site.book.records[ref].entry.title.en}](../{ref}.md)"


def plain(fields: dict[str, Any], site: Site) -> str:
    """The English text of an entry as one Markdown page: a heading per field, references as links."""

    def link(match: re.Match[str]) -> str:
        return f"[{match[2]}](../{match[1]}.md)" if match[2] else linked(Ref(*match[1].split("/")), site)

    def lines(value: Any, lead: str = "") -> Iterator[str]:
        if isinstance(value, str):
            yield lead + re.sub(r"\[\[([^|\]]+)(?:\|([^\]]+))?\]\]", link, value)
        elif isinstance(value, list):
            for item in value:
                yield from lines(item, "- " if isinstance(item, str) or "en" in item else "")
            yield ""
        elif isinstance(value, int):
            pass  # a setting, no text
        elif "en" in value:
            yield from lines(value["en"], lead)
        else:
            for name, part in value.items():
                if isinstance(part, list):
                    yield from (f"**{heading(name)}**", "", *lines(part))
                elif name != "id":
                    yield from (*lines(part, f"**{heading(name)}** "), "")

    out = [f"# {fields['title']['en']}", "", fields["summary"]["en"], ""]
    out += [f"Also called: {', '.join(fields['aliases']['en'])}", ""]
    for name, value in fields.items():
        if name in REFERENCES:
            refs = [Ref(REFERENCES[name], target) for target in value]
            out += [f"## {heading(name)}", "", *(f"- {linked(ref, site)}" for ref in refs), ""]
        elif name not in ("title", "summary", "aliases", "related", "owner", "verified_on", "review_in"):
            out += [f"## {heading(name)}", "", *lines(value), ""]
    out += ["## Related", "", *(f"- {linked(Ref(*ref.split('/')), site)}" for ref in fields["related"]), ""]
    out += [f"Owner: {linked(Ref('owners', fields['owner']), site)}, checked on {fields['verified_on']}", ""]
    return "\n".join(out)


def added(ref: Ref, site: Site) -> str:
    """What our page of an entry shows besides its own text: summaries on cards, mentions, previous and next."""
    entry = site.book.records[ref].entry
    cards = [*getattr(entry, "objectives", []), *getattr(entry, "qualities", []), *entry.related]
    out = ["", "## In short", "", *(f"- {site.book.records[card].entry.summary.en}" for card in cards), ""]
    mentions = [f"- {linked(one.record.ref, site)}: {one.sentence or one.field}" for one in site.mentions(ref)]
    out += ["## Mentioned by", "", *mentions, ""]
    siblings = [record.ref for record in site.book.of(ref.kind)]
    place = siblings.index(ref)
    out += [" · ".join(linked(other, site) for other in siblings[max(place - 1, 0) : place + 2] if other != ref), ""]
    return "\n".join(out)


if __name__ == "__main__":
    made_for, target = int(sys.argv[1]), Path(sys.argv[2])
    write(target / "ours", made_for)
    write_plain(target / "plain", target / "ours")
