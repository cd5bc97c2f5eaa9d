#include <doctest/doctest.h>

#include "formats/xml_reader.h"
#include "formats/zip_reader.h"
#include "support/archive.h"

using namespace pf;
using namespace pf::formats;
using namespace pf::test;

namespace {

std::string unpacked(const std::string& bytes, const std::string& name = "a.txt") {
  MemorySource source(bytes, 1'000);
  auto archive = ZipReader::open(source);
  if (!archive.ok()) return "! " + archive.error().message;
  const ZipEntry* entry = archive->find(name);
  if (entry == nullptr) return "! not there";
  auto all = archive->read_all(*entry, 1u << 20);
  return all.ok() ? *all : "! " + all.error().message;
}
// The same archive with one 16-bit field of every header changed.
std::string changed(std::string bytes, std::string_view header, std::size_t offset, char low) {
  for (std::size_t at = bytes.find(header); at != std::string::npos; at = bytes.find(header, at + 1))
    bytes[at + offset] = low;
  return bytes;
}

}  // namespace

TEST_CASE("zip: what is written is read back, and the same content is the same bytes") {
  std::string large;
  for (int i = 0; i < 50'000; ++i) large += std::to_string(i * 7919 % 10'007) + ",";
  const Parts parts{{"a.txt", "hello"}, {"folder/b.txt", large}, {"empty", ""}};
  const std::string archive = zip_of(parts);
  for (const auto& [name, content] : parts) CHECK((unpacked(archive, name) == content));
  CHECK((zip_of(parts) == archive));
}

TEST_CASE("zip: a changed byte, a cut end and nonsense are told as damage") {
  const std::string archive = zip_of({{"a.txt", "hello hello hello hello hello"}});
  std::string broken = archive;
  broken[40] = static_cast<char>(broken[40] ^ 1);
  CHECK(unpacked(broken).starts_with("! The archive is damaged"));
  // The last four bytes say where the list begins, above 64 KiB, and how long a comment is.
  for (std::size_t cut = 0; cut + 4 < archive.size(); ++cut)
    CHECK_MESSAGE(unpacked(archive.substr(0, cut)).starts_with("! The archive is damaged"), cut);
  CHECK(unpacked(std::string(1'000, 'P')).starts_with("! The archive is damaged"));
}

TEST_CASE("zip: names that lead outside refuse the archive") {
  for (const char* name : {"../etc/passwd", "/etc/passwd", "a/../../b", "..\\b", "C:\\x", "a/.."})
    CHECK_MESSAGE(unpacked(zip_of({{name, "x"}, {"a.txt", "y"}})).find("outside of it") != std::string::npos, name);
  CHECK(unpacked(zip_of({{"a..b/c...txt", "x"}, {"a.txt", "y"}})) == "y");
}

TEST_CASE("zip: files that would lie in one another are not read") {
  const std::string archive = zip_of({{"a.txt", "hello"}, {"b.txt", "hello"}});
  CHECK(unpacked(changed(archive, "PK\x01\x02", 22, '\x01')).find("larger than all of it") != std::string::npos);
}

TEST_CASE("zip: an encrypted entry and an unknown packing say so") {
  const std::string archive = zip_of({{"a.txt", "hello"}});
  CHECK(unpacked(changed(changed(archive, "PK\x01\x02", 8, '\x09'), "PK\x03\x04", 6, '\x09')).find("password") !=
        std::string::npos);
  for (const char method : {'\x09', '\x0c', '\x0e', '\x63'})  // Deflate64, bzip2, LZMA, AES
    CHECK(unpacked(changed(changed(archive, "PK\x01\x02", 10, method), "PK\x03\x04", 8, method))
              .find("packed in a way that is not read") != std::string::npos);
}

TEST_CASE("zip: a bomb ends before it has gone off") {
  std::string bomb;
  ZipWriter zip([&](std::string_view piece) {
    bomb += piece;
    return true;
  });
  REQUIRE(zip.begin("a.txt").ok());
  const std::string zeros(1u << 20, '\0');
  for (std::size_t i = 0; i < 2 * (kUnpackFreeBytes >> 20); ++i) REQUIRE(zip.write(zeros).ok());
  REQUIRE(zip.end().ok());
  REQUIRE(zip.finish().ok());
  MemorySource source(bomb);
  auto archive = ZipReader::open(source);
  REQUIRE(archive.ok());
  std::uint64_t bytes = 0;
  const auto done = archive->read(archive->entries()[0], [&](std::string_view piece) -> Result<ZipReader::Go> {
    bytes += piece.size();
    return ZipReader::Go::on;
  });
  REQUIRE_FALSE(done.ok());
  CHECK(done.error().message.find("swells") != std::string::npos);
  CHECK(bytes < 2 * kUnpackFreeBytes);
}

namespace {
struct Nothing final : XmlHandler {
  std::string seen;
  Result<> begin(const XmlName& name, const XmlAttributes& in) override {
    seen += "<" + std::string(name.prefix) + (name.prefix.empty() ? "" : ":") + std::string(name.local);
    for (std::size_t i = 0; in.at(i); ++i) seen += " " + std::string(in[i].name.local) + "=" + std::string(in[i].value);
    seen += ">";
    return {};
  }
  Result<> end(const XmlName&) override {
    seen += "</>";
    return {};
  }
  Result<> text(std::string_view piece) override {
    seen += piece;
    return {};
  }
};
std::string read_xml(const std::string& text, std::size_t piece = std::string::npos) {
  Nothing handler;
  XmlReader reader(handler, XmlReader::Names::resolved);
  for (std::size_t at = 0; at < text.size(); at += std::min(piece, text.size()))
    if (const auto fed = reader.feed(std::string_view(text).substr(at, piece)); !fed.ok())
      return "! " + fed.error().message;
  const auto done = reader.finish();
  return done.ok() ? handler.seen : "! " + done.error().message;
}
}  // namespace

TEST_CASE("xml: names, attributes and texts, wherever the pieces are cut") {
  const std::string text =
      "<?xml version=\"1.0\"?><a xmlns:g=\"urn:x\"><g:b c=\"1&amp;2\">x<![CDATA[<y>]]>&#228;</g:b></a>";
  for (const std::size_t piece : {std::size_t{1}, std::size_t{5}, std::string::npos})
    CHECK(read_xml(text, piece) == "<a><g:b c=1&2>x<y>\xc3\xa4</></>");
}

TEST_CASE("xml: encodings of Windows and of old Unix programs are read") {
  CHECK(read_xml("<?xml version=\"1.0\" encoding=\"windows-1252\"?><a>\x80 \xe8</a>") == "<a>\xe2\x82\xac \xc3\xa8</>");
  CHECK(read_xml("<?xml version=\"1.0\" encoding=\"ISO-8859-15\"?><a>\xa4</a>") == "<a>\xe2\x82\xac</>");
  CHECK(read_xml("<?xml version=\"1.0\" encoding=\"EBCDIC\"?><a/>").find("Save it as UTF-8") != std::string::npos);
}

TEST_CASE("xml: a billion laughs, a deep nest and a tag without end are refused at once") {
  CHECK(read_xml(
            "<?xml version=\"1.0\"?><!DOCTYPE lolz [<!ENTITY lol \"lol\"><!ENTITY lol2 \"&lol;&lol;\">]><a>&lol2;</a>")
            .find("DOCTYPE") != std::string::npos);
  // What it only names is never fetched, and so declares nothing.
  CHECK(read_xml("<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a>b</a>") == "<a>b</>");
  CHECK(read_xml("<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a>b&c;d</a>").find("&c;") != std::string::npos);
  // Nor may an attribute's value lose what that document may declare.
  const std::string named = "<!DOCTYPE a SYSTEM \"a.dtd\"><a b=\"x&amp;&#228;\" c=\"Gr&ouml;n\">d</a>";
  std::string wide = "\xff\xfe";
  for (const char c : named) wide.append({c, '\0'});
  for (const std::string& text : {named, wide})
    for (const std::size_t piece : {std::size_t{1}, std::string::npos})
      CHECK(read_xml(text, piece).find("uses &ouml;") != std::string::npos);
  CHECK(read_xml("<!DOCTYPE a SYSTEM \"a.dtd\"><a b=\"x&amp;&#228;\">d</a>") == "<a b=x&\xc3\xa4>d</>");
  std::string deep;
  for (int i = 0; i < 200; ++i) deep += "<a>";
  CHECK(read_xml(deep).find("100 levels") != std::string::npos);
  CHECK(read_xml("<a b=\"" + std::string(20 << 20, 'x')).find("more than 8 MiB") != std::string::npos);
  std::string names = "<a>";
  const std::string long_name(200, 'n');
  for (int i = 0; i < 320'000; ++i) names.append("<").append(long_name).append(std::to_string(i)).append("/>");
  CHECK(read_xml(names + "</a>").find("more names of elements") != std::string::npos);
  CHECK(read_xml("<a><b></a>").find("line 1: the XML is not well formed") != std::string::npos);
  CHECK(read_xml("<a>\n<b>").find("line 2: the file ends inside the XML") != std::string::npos);
}
