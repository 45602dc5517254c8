"""The pages of a sitemap are saved, asked for again only when they may differ, and never lost to a bad day."""

from __future__ import annotations

import gzip
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from integrations.pages import sitemaps, web
from integrations.pages.fetch import Saved, fetch_pages, read_manifest
from integrations.pages.saved import file_of
from integrations.pages.sitemaps import read_lists
from integrations.pages.web import WebProblem, address
from knowledge.documents import DocumentProblem
from tests.http_server import running

HTML = {"Content-Type": "text/html; charset=utf-8"}
OLD = "2020-01-01"


@dataclass
class Site:
    """A real server on loopback: what it offers, by path, and what it was asked for."""

    port: int = 0
    offers: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    busy: int = 0
    busiest: int = 0
    slow: float = 0.0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def sitemap(self) -> str:
        return f"{self.url}/sitemap.xml"

    @property
    def asked_pages(self) -> list[str]:
        asked, self.asked = self.asked, []
        return sorted(path for path in asked if path not in ("/sitemap.xml", "/robots.txt"))

    def page(self, path: str, text: str = "", status: int = 200, **headers: str) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.offers[path] = (status, HTML | named, (text or f"<p>{path}</p>").encode())

    def lists(self, *paths: str, lastmod: str = "") -> None:
        self.offers["/sitemap.xml"] = (
            200,
            {"Content-Type": "application/xml"},
            urlset(self.url, *paths, lastmod=lastmod),
        )


def urlset(base: str, *paths: str, lastmod: str = "") -> bytes:
    changed = f"<lastmod>{lastmod}</lastmod>" if lastmod else ""
    rows = "".join(f"<url><loc>{base}{path}</loc>{changed}</url>" for path in paths)
    return f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>'.encode()


def index(*urls: str) -> bytes:
    return f"<sitemapindex>{''.join(f'<sitemap><loc>{url}</loc></sitemap>' for url in urls)}</sitemapindex>".encode()


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            path = self.requestline.split()[1]  # self.path has its leading slashes joined
            with lock:
                site.asked.append(path)
                site.headers.append(dict(self.headers))
                site.busy += 1
                site.busiest = max(site.busiest, site.busy)
            time.sleep(site.slow)
            status, headers, body = site.offers.get(path, (404, HTML, b"<p>Not here</p>"))
            asked = (self.headers.get("If-None-Match"), self.headers.get("If-Modified-Since"))
            held = (headers.get("ETag"), headers.get("Last-Modified"))
            if any(a and a == b for a, b in zip(asked, held, strict=True)):
                status, body = 304, b""
            with lock:
                site.busy -= 1
            if status == 0:
                self.close_connection = True
                return
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with running(Handler) as address:
        site.port = int(address.rpartition(":")[2])
        yield site


def said(problems: list[DocumentProblem]) -> str:
    return " | ".join(f"{problem.path}: {problem.problem}" for problem in problems)


def texts(folder: Path) -> dict[str, str]:
    """The saved pages: path of the address, and text."""
    return {url.split("/", 3)[3]: (folder / file).read_text("utf-8") for file, url in read_manifest(folder).items()}


def test_a_first_run_saves_every_page_and_says_where_it_came_from(site: Site, tmp_path: Path) -> None:
    site.page("/policies/returns", "<p>Thirty days</p>", ETag='"1"')
    site.page("/")
    site.offers["/terms"] = (200, {"Content-Type": "application/pdf"}, b"%PDF-1.7")
    site.lists("/policies/returns", "/", "/terms", lastmod=OLD)
    heard: list[tuple[int, int]] = []
    saved, problems = fetch_pages(site.sitemap, tmp_path, progress=lambda done, of: heard.append((done, of)))
    assert (saved, problems) == (Saved(fetched=3, unchanged=0, removed=0), [])
    assert heard == [(1, 3), (2, 3), (3, 3)]
    host = f"127.0.0.1+{site.port}"
    assert read_manifest(tmp_path) == {
        f"{host}/index.html": f"{site.url}/", f"{host}/policies/returns.html": f"{site.url}/policies/returns",
        f"{host}/terms.pdf": f"{site.url}/terms",
    }  # fmt: skip
    assert (tmp_path / host / "policies/returns.html").read_bytes() == b"<p>Thirty days</p>"
    (row,) = [row for row in json.loads((tmp_path / "pages.json").read_bytes()) if row["etag"]]
    assert (row["etag"], row["lastmod"], row["charset"], len(row["sha256"])) == ('"1"', OLD, "utf-8", 64)


def test_a_page_whose_lastmod_stands_is_not_asked_for(site: Site, tmp_path: Path) -> None:
    site.page("/a")
    site.lists("/a", lastmod=OLD)
    fetch_pages(site.sitemap, tmp_path)
    assert site.asked_pages == ["/a"]
    assert fetch_pages(site.sitemap, tmp_path)[0] == Saved(0, 1, 0)
    assert site.asked == ["/sitemap.xml"]
    site.lists("/a", lastmod="2021-01-01")
    site.page("/a", "new")
    assert fetch_pages(site.sitemap, tmp_path)[0] == Saved(1, 0, 0)
    assert texts(tmp_path) == {"a": "new"}


def test_a_page_changed_again_on_the_day_it_was_saved_is_noticed(site: Site, tmp_path: Path) -> None:
    today = time.strftime("%Y-%m-%d", time.gmtime())
    for text in ("morning", "evening"):
        site.page("/a", text)
        site.lists("/a", lastmod=today)
        fetch_pages(site.sitemap, tmp_path)
    assert texts(tmp_path) == {"a": "evening"}


def test_without_a_lastmod_the_site_is_asked_whether_a_page_changed(site: Site, tmp_path: Path) -> None:
    site.page("/etag", ETag='"1"')
    site.page("/dated", Last_Modified=formatdate(0, usegmt=True))
    site.page("/neither")
    site.lists("/etag", "/dated", "/neither")
    fetch_pages(site.sitemap, tmp_path)
    site.headers.clear()
    assert fetch_pages(site.sitemap, tmp_path)[0] == Saved(0, 3, 0)
    assert sum("If-None-Match" in headers for headers in site.headers) == 1
    assert sum("If-Modified-Since" in headers for headers in site.headers) == 1


@pytest.mark.parametrize("how", ["unlisted", "404", "410", "denied"])
def test_a_page_that_is_gone_is_deleted(site: Site, tmp_path: Path, how: str) -> None:
    for path in ("/a", "/old/b"):
        site.page(path)
    site.lists("/a", "/old/b")
    fetch_pages(site.sitemap, tmp_path)
    if how == "unlisted":
        site.lists("/a")
    elif how != "denied":
        site.page("/old/b", status=int(how))
    saved, problems = fetch_pages(site.sitemap, tmp_path, deny=["/old/*"] if how == "denied" else [])
    assert (saved, problems) == (Saved(0, 1, 1), [])
    assert list(texts(tmp_path)) == ["a"]
    assert [path.name for path in tmp_path.rglob("*.html")] == ["a.html"]
    assert not list(tmp_path.rglob("old"))


@pytest.mark.parametrize("status", [500, 403, 0])
def test_a_page_that_fails_keeps_its_last_copy(site: Site, tmp_path: Path, status: int) -> None:
    site.page("/a", "good")
    site.page("/b")
    site.lists("/a", "/b", lastmod=OLD)
    fetch_pages(site.sitemap, tmp_path)
    site.lists("/a", "/b", lastmod="2021-01-01")
    site.page("/a", "broken", status=status)
    saved, problems = fetch_pages(site.sitemap, tmp_path)
    assert saved == Saved(0, 1, 0)
    assert texts(tmp_path)["a"] == "good"
    assert [problem.path for problem in problems] == [f"{site.url}/a"]
    assert "its last saved copy is kept" in said(problems)
    site.page("/a", "better")
    site.asked.clear()
    fetch_pages(site.sitemap, tmp_path)
    assert site.asked_pages == ["/a"]
    assert texts(tmp_path)["a"] == "better"


def test_a_page_too_slow_to_answer_is_a_problem(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site.page("/a")
    site.lists("/a")
    fetch_pages(site.sitemap, tmp_path)
    monkeypatch.setattr(web, "READ_S", 0.2)
    site.slow = 0.4
    with pytest.raises(ValueError, match="did not answer in time"):
        fetch_pages(site.sitemap, tmp_path)
    site.slow = 0.0
    monkeypatch.setattr(web, "MOST_TIME_S", -1.0)
    with pytest.raises(ValueError, match="took longer"):
        fetch_pages(site.sitemap, tmp_path)
    assert list(texts(tmp_path)) == ["a"]


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (500, b"", "answers 500"),
        (404, b"", "answers 404"),
        (200, b"<!DOCTYPE html><html></html>", "DOCTYPE"),
        (200, b"<html></html>", "not <urlset>"),
        (200, b"<urlset><url>", "not well-formed"),
        (200, b"Come back later", "neither XML nor a list"),
        (200, b"<urlset></urlset>", "no page"),
        (200, b"\x1f\x8bnonsense", "damaged"),
        (0, b"", "connection failed"),
    ],
)
def test_a_sitemap_that_cannot_be_had_loses_nothing(
    site: Site, tmp_path: Path, status: int, body: bytes, words: str
) -> None:
    site.page("/a")
    site.lists("/a")
    fetch_pages(site.sitemap, tmp_path)
    site.offers["/sitemap.xml"] = (status, {"Content-Type": "application/xml"}, body)
    with pytest.raises(ValueError, match=words):
        fetch_pages(site.sitemap, tmp_path)
    assert list(texts(tmp_path)) == ["a"]


def test_a_redirect_is_followed_on_the_same_host_only(site: Site, tmp_path: Path) -> None:
    site.page("/home", "Welcome")
    site.page("/moved", status=301, Location="/home")
    site.page("/away", status=302, Location=f"http://localhost:{site.port}/home")
    site.page("/loop", status=302, Location="/loop")
    site.page("/odd", status=302, Location="javascript:alert(1)")
    site.lists("/moved", "/away", "/loop", "/odd")
    _, problems = fetch_pages(site.sitemap, tmp_path)
    assert texts(tmp_path) == {"moved": "Welcome"}
    assert len(problems) == 3
    assert "on another host" in said(problems)
    assert "more than 5 redirects" in said(problems)
    assert site.asked.count("/loop") == 6


def test_robots_are_obeyed_and_unreadable_robots_stop_us(site: Site, tmp_path: Path) -> None:
    site.page("/a")
    site.page("/private/b")
    site.page("/door", status=302, Location="/private/b")
    site.lists("/a", "/private/b", "/door")
    rules = b"\xef\xbb\xbfUser-agent: Dragoman\nDisallow: /private/\n"
    site.offers["/robots.txt"] = (200, {"Content-Type": "text/plain"}, rules)
    _, problems = fetch_pages(site.sitemap, tmp_path)
    assert list(texts(tmp_path)) == ["a"]
    assert said(problems).count("robots.txt forbids") == 2
    assert "/private/b" not in site.asked
    site.offers["/robots.txt"] = (500, {}, b"")
    site.asked.clear()
    _, problems = fetch_pages(site.sitemap, tmp_path)
    assert said(problems).count("robots.txt of its host cannot be had") == 3
    assert site.asked_pages == []
    assert list(texts(tmp_path)) == ["a"]


def test_a_nested_packed_index_is_read_and_what_is_not_a_page_left_alone(site: Site, tmp_path: Path) -> None:
    site.page("/a")
    site.page("/b")
    one = urlset(site.url, "/a").replace(
        b"<loc>",
        b'<xhtml:link rel="alternate" hreflang="de" href="x"/><image:image><image:loc>http://x/i.png</image:loc>'
        b"</image:image><loc>",
    )
    site.offers["/one.xml.gz"] = (200, {}, gzip.compress(one))
    site.offers["/two.txt"] = (200, {}, f"# ours\n{site.url}/b\n\n".encode())
    site.offers["/inner.xml"] = (200, {}, index(f"{site.url}/two.txt", site.sitemap))
    site.offers["/sitemap.xml"] = (200, {}, b"\n " + index(f"{site.url}/one.xml.gz", f"{site.url}/inner.xml"))
    assert fetch_pages(site.sitemap, tmp_path) == (Saved(2, 0, 0), [])
    del site.offers["/two.txt"]
    saved, problems = fetch_pages(site.sitemap, tmp_path)
    assert (saved, len(problems)) == (Saved(0, 1, 0), 1)
    assert sorted(texts(tmp_path)) == ["a", "b"], "a part of the list that is missing says nothing about its pages"


def test_a_sitemap_in_a_file_opens_the_hosts_it_lists(site: Site, tmp_path: Path) -> None:
    site.page("/a")
    file = tmp_path / "list.txt"
    file.write_text(f"{site.url}/a\n", "utf-8-sig")
    assert fetch_pages(str(file), tmp_path / "out") == (Saved(1, 0, 0), [])
    with pytest.raises(ValueError, match=r"no such file \(an address begins with https"):
        fetch_pages("shop.example/sitemap.xml", tmp_path / "out")


def test_pages_of_other_hosts_and_bad_addresses_are_named_once(site: Site, tmp_path: Path) -> None:
    site.page("/a")
    others = b"".join(
        b"<url><loc>%s</loc></url>" % loc for loc in (b"https://x.example/1", b"https://x.example/2", b"/b")
    )
    site.offers["/sitemap.xml"] = (200, {}, urlset(site.url, "/a").replace(b"</urlset>", others + b"</urlset>"))
    saved, problems = fetch_pages(site.sitemap, tmp_path)
    assert saved == Saved(1, 0, 0)
    assert len(problems) == 2
    assert "sync the sitemap of x.example for it (and 1 more)" in said(problems)
    assert "must begin with http" in said(problems)


def test_what_is_huge_or_no_page_is_a_problem(site: Site, tmp_path: Path) -> None:
    site.page("/huge", "x" * (web.MOST_BYTES + 1))
    bomb = gzip.compress(b"x" * (web.MOST_BYTES + 1))
    site.offers["/bomb"] = (200, HTML | {"Content-Encoding": "gzip"}, bomb)
    site.offers["/image"] = (200, {"Content-Type": "image/png"}, b"PNG")
    site.offers["/unsaid"] = (200, {}, b"?")
    site.page("/empty", " ")
    site.lists("/huge", "/bomb", "/image", "/unsaid", "/empty")
    saved, problems = fetch_pages(site.sitemap, tmp_path)
    assert saved == Saved(0, 0, 0)
    assert said(problems).count("larger than 5,000,000 bytes") == 2
    assert said(problems).count("neither HTML nor PDF") == 2
    assert "empty" in said(problems)
    assert list(tmp_path.rglob("*.html")) == []


def test_patterns_choose_and_the_limit_cuts(site: Site, tmp_path: Path) -> None:
    for path in ("/policies/a", "/policies/b", "/policies/old", "/blog/x", "/policies/%E8%BF%94"):
        site.page(path)
    site.lists("/policies/a", "/policies/b", "/policies/old", "/blog/x", "/policies/返")
    saved, problems = fetch_pages(site.sitemap, tmp_path, allow=["/policies/*"], deny=["*old"], limit=2)
    assert sorted(texts(tmp_path)) == ["policies/a", "policies/b"]
    assert "3 pages are wanted, the first 2 are saved" in said(problems)
    fetch_pages(site.sitemap, tmp_path, allow=["*/返"])
    assert list(texts(tmp_path)) == ["policies/%E8%BF%94"]
    for wrong in ({"allow": ["policies/*"]}, {"limit": 0}, {"allow": ["/none"]}):
        with pytest.raises(ValueError, match=r"begin it with|at least one|no page that is wanted"):
            fetch_pages(site.sitemap, tmp_path, **wrong)
    assert list(texts(tmp_path)) == ["policies/%E8%BF%94"]


EVIL = [
    "/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/..%2f..%2fetc", "/a/..;/b", "/" + "x" * 2000, "/a", "/a/",
    "/a/index", "/a.html", "/A", "/a?b", "/a?c=../d", "/a//b", "//a", "/con", "/nul/x", "/.hidden", "/返品", "/a%00b",
    "/返品/" + "返" * 90, "/pages.json", "/a\\b", "/-rf", "/a~b", "/index", "/", "/😀" * 60, "/a%0ab",
]  # fmt: skip


def test_evil_and_similar_addresses_get_files_of_their_own_inside_the_folder(site: Site, tmp_path: Path) -> None:
    urls = [address(site.url + path) for path in EVIL]
    for url in urls:
        site.page(url.removeprefix(site.url), url)
    folder = tmp_path / "deep" / "pages"
    (tmp_path / "list.txt").write_text("\n".join(site.url + path for path in EVIL), "utf-8")
    assert fetch_pages(str(tmp_path / "list.txt"), folder) == (Saved(len(EVIL), 0, 0), [])
    kept = read_manifest(folder)
    assert sorted(kept.values()) == sorted(set(urls))
    assert len({file.lower() for file in kept}) == len(EVIL)
    assert all((folder / file).read_text("utf-8") == url for file, url in kept.items())
    assert all((folder / file).resolve().is_relative_to(folder.resolve()) for file in kept)
    assert max(len(part.encode()) for file in kept for part in file.split("/")) < 240
    assert {path.name for path in tmp_path.iterdir()} == {"deep", "list.txt"}
    assert fetch_pages(str(tmp_path / "list.txt"), folder) == (Saved(0, len(EVIL), 0), [])


def test_names_are_readable_and_stable() -> None:
    assert file_of("https://shop.example/policies/returns", ".html") == "shop.example/policies/returns.html"
    assert file_of("http://shop.example/policies/", ".html") == "shop.example/policies/index.html"
    assert file_of("https://shop.example/%E8%BF%94%E5%93%81?v=2", ".html") == "shop.example/返品~00df7eda53f93fdf.html"


NO_ADDRESS = ["http://../x", "http://a..b/", "ftp://a/", "http://u:p@a/", "http://a:x/", "x", "http://[::1]/"]


@pytest.mark.parametrize("text", [*NO_ADDRESS, "http://a/\x00", "https://a/" + "x" * 3000, "http://" + "a" * 300])
def test_what_is_no_address_of_a_page_is_refused(text: str) -> None:
    with pytest.raises(WebProblem, match="address"):
        address(text)


@pytest.mark.parametrize("ends", [KeyboardInterrupt, RuntimeError])
def test_a_run_that_breaks_off_loses_nothing_and_the_next_goes_on(
    site: Site, tmp_path: Path, ends: type[BaseException]
) -> None:
    paths = [f"/p{number}" for number in range(30)]
    for path in paths:
        site.page(path, "first", ETag='"1"')
    site.lists(*paths[:20])
    fetch_pages(site.sitemap, tmp_path)
    for path in paths:
        site.page(path, "second", ETag='"2"')
    site.lists(*paths)
    site.asked.clear()

    def stop(done: int, _: int) -> None:
        if done == 8:
            raise ends

    with pytest.raises(ends):
        fetch_pages(site.sitemap, tmp_path, progress=stop)
    asked = set(site.asked_pages)
    assert len(asked) < 20
    assert set(texts(tmp_path).values()) == {"first", "second"}
    assert len(texts(tmp_path)) >= 20
    assert len(list(tmp_path.rglob("*.html"))) == len(texts(tmp_path)), "no file is left that pages.json does not know"
    saved, _ = fetch_pages(site.sitemap, tmp_path)
    assert saved == Saved(30 - len(asked), len(asked), 0)
    assert set(texts(tmp_path).values()) == {"second"}


def test_a_file_changed_behind_our_back_is_asked_for_whole(site: Site, tmp_path: Path) -> None:
    site.page("/a", "ours", ETag='"1"')
    site.lists("/a", lastmod=OLD)
    fetch_pages(site.sitemap, tmp_path)
    (tmp_path / next(iter(read_manifest(tmp_path)))).write_text("theirs", "utf-8")
    fetch_pages(site.sitemap, tmp_path)
    assert texts(tmp_path) == {"a": "ours"}


@pytest.mark.parametrize(
    "text", ["{", '[{"url": "u", "file": "../x", "fetched_at": "2026-01-01T00:00:00Z", "sha256": ""}]']
)
def test_a_damaged_list_of_pages_is_told(site: Site, tmp_path: Path, text: str) -> None:
    (tmp_path / "pages.json").write_text(text, "utf-8")
    for call in (lambda: read_manifest(tmp_path), lambda: fetch_pages(site.sitemap, tmp_path)):
        with pytest.raises(ValueError, match="delete it"):
            call()
    assert read_manifest(tmp_path / "nowhere") == {}


def test_we_are_polite(site: Site, tmp_path: Path) -> None:
    site.slow = 0.03
    paths = [f"/p{number}" for number in range(16)]
    for path in paths:
        site.page(path, Set_Cookie="a=b; Path=/")
    site.lists(*paths)
    fetch_pages(site.sitemap, tmp_path)
    fetch_pages(site.sitemap, tmp_path)
    assert 1 < site.busiest <= 4
    assert site.asked.count("/robots.txt") == 2
    assert {headers["User-Agent"].partition("/")[0] for headers in site.headers} == {"Dragoman"}
    assert all("(+knowledge sync)" in headers["User-Agent"] for headers in site.headers)
    assert not any("Cookie" in headers for headers in site.headers)


def test_a_busy_site_is_asked_again_when_it_says_so_and_not_too_often(site: Site, tmp_path: Path) -> None:
    site.page("/soon", status=429, Retry_After="0")
    site.page("/dated", status=503, Retry_After=formatdate(0, usegmt=True))
    site.page("/later", status=503, Retry_After="3600")
    site.lists("/soon", "/dated", "/later")
    saved, problems = fetch_pages(site.sitemap, tmp_path)
    assert saved == Saved(0, 0, 0)
    assert said(problems).count("too busy") == 3
    assert [site.asked.count(path) for path in ("/soon", "/dated", "/later")] == [3, 3, 1]


def test_retry_after_is_waited_for(site: Site, tmp_path: Path) -> None:
    site.page("/a", status=429, Retry_After="1")
    site.page("/b", status=503)
    site.lists("/a", "/b")
    started = time.monotonic()
    fetch_pages(site.sitemap, tmp_path)
    assert 2.0 <= time.monotonic() - started < 5.0


def test_a_site_that_stopped_answering_is_left_alone(site: Site, tmp_path: Path) -> None:
    paths = [f"/p{number}" for number in range(40)]
    for path in paths:
        site.page(path, status=0)
    site.lists(*paths)
    _, problems = fetch_pages(site.sitemap, tmp_path)
    assert len(problems) == 40
    assert said(problems).count("stopped answering") >= 26
    assert len(site.asked_pages) <= 14


def test_two_runs_do_not_meet_in_one_folder(site: Site, tmp_path: Path) -> None:
    site.page("/a")
    site.lists("/a")

    def again(_done: int, _of: int) -> None:
        fetch_pages(site.sitemap, tmp_path)

    with pytest.raises(ValueError, match="another process is saving"):
        fetch_pages(site.sitemap, tmp_path, progress=again)


def test_entities_are_never_expanded() -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "http://x/">]><urlset><url><loc>&a;</loc></url></urlset>'
    with pytest.raises(ValueError, match="DOCTYPE"):
        read_lists(bomb)


def test_long_lists_are_cut_and_nothing_is_deleted_for_it(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sitemaps, "MOST_PAGES", 2)
    monkeypatch.setattr(sitemaps, "MOST_SITEMAPS", 2)
    for path in ("/a", "/b", "/c", "/d"):
        site.page(path)
    site.offers["/1.xml"] = (200, {}, urlset(site.url, "/a", "/b", "/c"))
    site.offers["/2.xml"] = (200, {}, urlset(site.url, "/d"))
    site.lists("/d")
    fetch_pages(site.sitemap, tmp_path)
    site.offers["/sitemap.xml"] = (200, {}, index(f"{site.url}/1.xml", f"{site.url}/2.xml"))
    saved, problems = fetch_pages(site.sitemap, tmp_path)
    assert saved == Saved(2, 0, 0)
    assert sorted(texts(tmp_path)) == ["a", "b", "d"]
    assert "more than 2 pages" in said(problems)
    assert "more than 2 sitemaps" in said(problems)


def test_sitemaps_of_unusual_make_are_read() -> None:
    prefixed = b'<s:urlset xmlns:s="n"><s:url><s:loc> http://x/&amp;a </s:loc></s:url></s:urlset>'
    assert read_lists(prefixed).pages == [("http://x/&a", "")]
    assert read_lists('<?xml version="1.0" encoding="UTF-16"?><urlset/>'.encode("utf-16")).pages == []
    assert read_lists(b"\xef\xbb\xbf" + urlset("http://x", "/a", lastmod="t")).pages == [("http://x/a", "t")]
    with pytest.raises(ValueError, match="character set"):
        read_lists(b'<?xml version="1.0" encoding="klingon"?><urlset/>')
