#include "catalog/harmless_html.h"

#include "shop.h"

using pf::catalog::harmless_html;

TEST_CASE("HTML that no page would run stays byte for byte") {
  for (const char* html :
       {"<p>Warm &amp; <b>soft</b><br />3 < 4</p>", "<a href=\"https://a.test/x?y=1&amp;z\" title='t'>x</a>",
        "<img src=\"data:image/png;base64,AA==\" alt=\"\">", "<A HREF=/p/1?t=12:30>x</A>", "plain 1 < 2 > 1", "",
        "<ul style=\"color: red\"><li class=x>one</ul>", "<table border=1><tr><td colspan=2>é</td></tr></table>"})
    CHECK_MESSAGE(harmless_html(html) == html, html);
}

TEST_CASE("what a page would run is taken out, however it is written") {
  for (const auto& [html, left] : {
           std::pair{"<p onclick=x>a<script>alert(1)</script>b</p>", "<p>ab</p>"},
           {"a<SCRIPT src=//x.test/y>", "a"},
           {"<a href='javascript:x'>z</a>", "<a>z</a>"},
           {"<a href=\" jav&#x61;script&colon;x\" title=t>z</a>", "<a title=t>z</a>"},
           {"<a href=\"java\nscript:x\">z</a>", "<a>z</a>"},
           {"<img src=x onerror=alert(1) alt=y>", "<img src=x alt=y>"},
           {"<img/onerror=alert(1)/src=x>", "<img>"},
           {"<svg><script>1</script></svg>b", "b"},
           {"<iframe srcdoc='<p>'>x</iframe>b<style>p{}</style>", "b"},
           {"<<script></script>img src=x onerror=alert(1)>", "&lt;img src=x onerror=alert(1)>"},
           {"<scr<script>ipt>alert(1)</script>", "<ipt>alert(1)"},
           {"<!--[if IE]><script>1</script><![endif]-->a<?php x ?>", "a"},
           {"<form action=/x><input name=a>t</form>", "t"},
           {"<b title=\"<script>\">x</b>", "<b title=\"&lt;script>\">x</b>"},
           {"<b", "&lt;b"},
           {"<p title=\"x><img src=1 onerror=2>", "&lt;p title=\"x>&lt;img src=1 onerror=2>"},
           {"<div style=\"width: expression(alert(1))\">a</div>", "<div>a</div>"},
           {"<a href=\"data:text/html,<script>1</script>\">a</a>", "<a>a</a>"},
       }) {
    const std::string out = harmless_html(html);
    if (std::string_view(html).starts_with("<scr<"))  // whatever is left of it, it is no script
      CHECK_MESSAGE(out.find("<script") == std::string::npos, out);
    else
      CHECK(out == left);
    CHECK(harmless_html(out) == out);
  }
}

TEST_CASE("descriptions and rich texts are kept harmless, in each language, and come back unchanged") {
  pf::test::Shop shop;
  REQUIRE(shop.describe(pf::catalog::ModelKind::attribute, "story", R"({"type":"rich_text"})").ok());
  const char* body =
      R"({"title":"<b>1</b>","description":"a<script>x</script>b","attributes":{"story":"<i onload=1>s</i>",
                         "free":"<script>kept: nobody said that it is HTML</script>"},
                         "texts":{"nl":{"description":"<p onclick=1>c</p>"}}})";
  shop.post("A", body);
  CHECK(shop.text("A", "title") == "<b>1</b>");
  CHECK(shop.text("A", "description") == "ab");
  CHECK(shop.text("A", "description", "nl") == "<p>c</p>");
  CHECK(shop.attribute("A", "story") == R"("\u003ci>s\u003c/i>")");
  CHECK(shop.attribute("A", "free").find("script>") != std::string::npos);
  const auto again = shop.write("A", body);
  REQUIRE(again.ok());
  CHECK(again->outcome == pf::catalog::Outcome::unchanged);
}
