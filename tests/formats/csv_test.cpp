#include "formats/csv.h"

#include <doctest/doctest.h>

#include <set>
#include <tuple>

#include "formats/dialect.h"
#include "formats/encoding.h"
#include "formats/reading.h"
#include "productflow/text.h"

using namespace pf;
using namespace pf::formats;

namespace {
using Rows = std::vector<std::vector<std::string>>;
Rows rows_of(const std::vector<std::string>& pieces, const Dialect& dialect) {
  CsvReader reader(dialect);
  Rows rows;
  const auto take = [&](TableRow&& row) -> Result<> {
    rows.push_back(std::move(row.cells));
    return {};
  };
  for (const std::string& piece : pieces) REQUIRE(reader.feed(piece, take).ok());
  REQUIRE(reader.finish(take).ok());
  return rows;
}
Rows rows_of(const std::vector<std::string>& pieces, char delimiter = ',',
             CsvReader::Quotes quotes = CsvReader::Quotes::rfc4180) {
  return rows_of(pieces, Dialect{std::string(1, delimiter), quotes});
}
// As a file is read whose first line is its header, however it is cut in two.
Rows rows_as_told(const std::string& file) {
  const std::string_view line = std::string_view(file).substr(0, file.find_first_of("\r\n"));
  Dialect dialect{delimiter_of(line, file, false)};
  dialect.quote = quote_of(line, dialect.delimiter);
  dialect = told_by_rows(file, dialect, true);
  const Rows rows = rows_of({file}, dialect);
  for (std::size_t cut = 1; cut < file.size(); ++cut)
    CHECK_MESSAGE(rows_of({file.substr(0, cut), file.substr(cut)}, dialect) == rows, cut);
  std::vector<std::string> letters;
  for (const char c : file) letters.emplace_back(1, c);
  CHECK(rows_of(letters, dialect) == rows);
  return rows;
}
std::string encoding_of(std::string_view bytes) {
  ToUtf8 reader;
  static_cast<void>(reader.feed(bytes, true));
  return reader.is_unreadable() ? "unreadable" : std::string(reader.encoding());
}
}  // namespace

TEST_CASE("csv: quotes, newlines inside, all line ends and ragged rows, wherever the pieces are cut") {
  const std::string file = "a,b,c\r\n\"x \"\"y\"\"\",\"line\r\nbreak\",\n\n1,2\r3,,5,6\n\"\",q\"q,'last'";
  const Rows expected{
      {"a", "b", "c"}, {"x \"y\"", "line\r\nbreak", ""}, {"1", "2"}, {"3", "", "5", "6"}, {"", "q\"q", "'last'"}};
  CHECK(rows_of({file}) == expected);
  for (std::size_t cut = 1; cut < file.size(); ++cut)
    CHECK_MESSAGE(rows_of({file.substr(0, cut), file.substr(cut)}) == expected, cut);
}

TEST_CASE("csv: lines are counted as an editor counts them, and a cut-off file names where") {
  CsvReader reader(',', CsvReader::Quotes::rfc4180);
  std::vector<std::uint64_t> lines;
  const auto take = [&](TableRow&& row) -> Result<> {
    lines.push_back(row.line);
    return {};
  };
  REQUIRE(reader.feed("h\r\n\"two\r\nlines\"\r\n\r\nafter\nx,\"cut", take).ok());
  const auto end = reader.finish(take);
  CHECK(lines == std::vector<std::uint64_t>{1, 2, 5});
  CHECK(reader.blank_lines() == 1);
  REQUIRE_FALSE(end.ok());
  CHECK(end.error().message.starts_with("line 6:"));
}

TEST_CASE("csv: Amazon's files have no quoting, and the header tells the delimiter") {
  CHECK(rows_of({"a\tb\n5\" pipe\t\"x\n"}, '\t', CsvReader::Quotes::none) == Rows{{"a", "b"}, {"5\" pipe", "\"x"}});
  CHECK(delimiter_of("sku;\"a,b,c,d\";title") == ';');
  CHECK(delimiter_of("order-id\torder-item-id") == '\t');
  CHECK(delimiter_of("a|b,c|d") == '|');
  CHECK(delimiter_of("alone") == ',');
  CHECK(delimiter_of("sku^title, short^price~net") == '^');
  CHECK(delimiter_of("sku\x1ftitle") == '\x1f');
}

TEST_CASE("csv: a backslash before a quote is told from one that ends a Windows path") {
  CHECK(rows_as_told("sku,title\n\"A\",\"a \\\"b\\\" c\"\n\"B\",\"19\\\"\"\n\"C\",\"5\\\" pipe, long\"\n") ==
        Rows{{"sku", "title"}, {"A", "a \"b\" c"}, {"B", "19\""}, {"C", "5\" pipe, long"}});
  CHECK(rows_as_told("sku,path,x\n\"A\",\"C:\\\",\"y\"\n\"B\",\"D:\\x\\\",\"z\"\n") ==
        Rows{{"sku", "path", "x"}, {"A", "C:\\", "y"}, {"B", "D:\\x\\", "z"}});
  CHECK(rows_as_told("sku,title\n\"A\",\"5\"\" pipe\"\n\"B\",\"C:\\dir\\new\"\n") ==
        Rows{{"sku", "title"}, {"A", "5\" pipe"}, {"B", "C:\\dir\\new"}});
  // Where the beginning has none, the first that can be nothing else tells.
  const Dialect later{",", Dialect::Quotes::rfc4180, '"', Escapes::if_met};
  const std::string file =
      "a,b\n\"C:\\\",\"19\\\"rack, black\"\n\"say \\\"x\\\"\",1\n\"C:\\\" ,2\n\"C:\\\"x,\"3\"\n\"D:\\\",4\n";
  const Rows expected{{"a", "b"},   {"C:\\", "19\"rack, black"}, {"say \"x\"", "1"}, {"C:\\ ", "2"}, {"C:\\x", "3"},
                      {"D:\\", "4"}};
  for (std::size_t cut = 0; cut < file.size(); ++cut)
    CHECK_MESSAGE(rows_of({file.substr(0, cut), file.substr(cut)}, later) == expected, cut);
}

namespace {
// A file is read as if no backslash and no rare delimiter had ever been anything but a letter.
bool is_read_plainly(const std::string& file, char delimiter = ';') {
  const auto lines = [&](const std::vector<std::string>& pieces) { return rows_of(pieces, delimiter); };
  return rows_as_told(file) == lines({file});
}
std::string times(int n, const std::string& rows) {
  std::string out;
  for (int i = 0; i < n; ++i) out += rows;
  return out;
}
}  // namespace

TEST_CASE("csv: backslashes of paths stay, whatever the rows look like around them") {
  for (const std::string& file : std::vector<std::string>{
           "sku;path;title\n" + times(9, "A;C:\\new\\r\\;Table;\n"),                     // one empty cell more
           "sku;path;title\n" + times(3, "A;C:\\r\\;Table;\nB;C:\\t;Chair\n"),           // of some rows
           "sku;title;path\n" + times(9, "A;Table;\"C:\\foto\\\";\n"),                   // of quoted ones
           "sku;title;path;note;more\n" + times(9, "A;Table;C:\\\n"),                    // rows that end early
           "sku;title;path;note;more\n" + times(9, "A;Table;C:\\\nB;Chair;x;y;z\n"),     // some of them
           "sku;title;path;note\n" + times(9, "A;Table;\"\\\"\n"),                       // quoted ones
           "sku;title;note\nA;Table;\"size 5\\\"\"\";\nB;Cup;white;\nC;Chair;black;\n",  // a quote, doubled
           "sku;title;size\n" + times(9, "A;Table;120;\n") + "B;Screen;\"27\\\"\"\";\n" + times(9, "C;Cup;1;\n"),
           "sku;title;size\nA;Table;\"5\\\"\";\";\n",
           "sku;title;price;path\n\"A\";\"Table\";\"C:\\foto\\\"\n",
           "sku;title;path\nA;\"\\\"\nB;\"\\\";\"\\\"\nC\n",
           "sku;kind;size\nA;Home\\new\\;5\\\";x\n",
           "sku;kind;title;price\n" + times(9, "A;Home\\new;Table;1\n") + "B;Home\\;Table;1;x\n",
       })
    CHECK_MESSAGE(is_read_plainly(file), file);
}

TEST_CASE("csv: \\N is nothing also where a backslash is nothing but a letter") {
  CHECK(rows_as_told("sku;title;path;color\n" + times(2, "A;Pipe \\tnt;C:\\new\\red;\\N\n") + "B;x;\\\\srv\\n;red\n") ==
        Rows{{"sku", "title", "path", "color"},
             {"A", "Pipe \\tnt", "C:\\new\\red", ""},
             {"A", "Pipe \\tnt", "C:\\new\\red", ""},
             {"B", "x", "\\\\srv\\n", "red"}});
  CHECK(rows_as_told("sku;title;color\nA;\"C:\\dir\\\";\\N\nB;\"\\N\";x\\N\n") ==
        Rows{{"sku", "title", "color"}, {"A", "C:\\dir\\", ""}, {"B", "\\N", "x\\N"}});
}

TEST_CASE("csv: two backslashes in quotes are one only where a quote follows, or the file has such") {
  CHECK(rows_as_told("sku;title;path\n" + times(2, "A;\"5\\\" x\";\"\\\\srv\\x\"\n")) ==
        Rows{{"sku", "title", "path"}, {"A", "5\" x", "\\\\srv\\x"}, {"A", "5\" x", "\\\\srv\\x"}});
  CHECK(rows_as_told("sku;title;path\n" + times(2, "A;\"5\\\" x\";\"C:\\\\x\\\\\"\n")) ==
        Rows{{"sku", "title", "path"}, {"A", "5\" x", "C:\\x\\"}, {"A", "5\" x", "C:\\x\\"}});
}

TEST_CASE("csv: a rare delimiter is none where the plain one divides the rows, or one row says so") {
  for (const std::string& file :
       {"sku;;title\n" + times(20, "A;;Table\n"), "sku;;title\n" + times(20, "A;;Table\n") + "B;x;Chair\n",
        "sku;a#b#c#d\n" + times(5, "A;r#s#t#u\n"), "sku;kind::color::edge\n" + times(5, "A;a::b::c\n"),
        "sku::title\n" + times(20, "A::Table\n") + "B:Chair\n"})
    CHECK_MESSAGE(is_read_plainly(file, file.starts_with("sku::") ? ',' : ';'), file);
}

TEST_CASE("csv: what databases write is read: \\N is nothing, and a backslash keeps a delimiter or a line end") {
  CHECK(rows_as_told("\"sku\",\"title\",\"text\"\n\"A\",\"Say \\\"hi\\\"\",\"two\\\nlines\"\n\"B\",\"x\\\\y\",\\N\n") ==
        Rows{{"sku", "title", "text"}, {"A", "Say \"hi\"", "two\nlines"}, {"B", "x\\y", ""}});
  CHECK(
      rows_as_told("sku\ttitle\ttext\nA\tTab\\\there\tline\\\nbreak\nB\tC:\\\\dir\t\\N\nC\t\\N\tline\\nbreak\n") ==
      Rows{
          {"sku", "title", "text"}, {"A", "Tab\there", "line\nbreak"}, {"B", "C:\\dir", ""}, {"C", "", "line\nbreak"}});
  CHECK(rows_as_told("sku,title\nA,C:\\new\\\nB,\\No\n") == Rows{{"sku", "title"}, {"A", "C:\\new\\"}, {"B", "\\No"}});
  // A cell of nothing but escaped letters is no way around the limit of a cell.
  std::string text = "a\tb\n1\t";
  for (int i = 0; i < 5 << 20; ++i) text += "\\x";
  CsvReader reader(Dialect{"\t", Dialect::Quotes::rfc4180, '"', Escapes::everywhere});
  std::string faults;
  const auto take = [&](TableRow&& row) -> Result<> {
    faults += row.fault + ".";
    return {};
  };
  REQUIRE(reader.feed(text + "\n2\tgood\n", take).ok());
  CHECK(faults == ".has a cell larger than 4 MiB..");
}

TEST_CASE("csv: cells that are all quoted by ' or ` lose them, an apostrophe stays") {
  const Rows expected{{"sku", "title", "price"}, {"A", "It's, fine", "1.50"}, {"B", "Two\nlines", "2"}};
  CHECK(rows_as_told("'sku','title','price'\n'A','It''s, fine','1.50'\n'B','Two\nlines','2'\n") == expected);
  CHECK(rows_as_told("sku,title,price\n'A','It\\'s, fine',1.50\n'B','Two\nlines',2\n") == expected);
  CHECK(rows_as_told("`sku`;`title`\n`A`;`One; and`\n") == Rows{{"sku", "title"}, {"A", "One; and"}});
  CHECK(rows_as_told("sku,title\nA,'s-Hertogenbosch\n1,'quoted'\n") ==
        Rows{{"sku", "title"}, {"A", "'s-Hertogenbosch"}, {"1", "'quoted'"}});
}

TEST_CASE("csv: delimiters of several letters, and rare ones, are found where the rows agree") {
  for (const std::string delimiter :
       {"||", "~|~", "|~|", "^|^", "\t|\t", "::", ";;", "#", "\u00ac", "\u00a6", "\u00a7"}) {
    CAPTURE(delimiter);
    const auto row = [&](const std::string& a, const std::string& b, const std::string& c) {
      return a + delimiter + b + delimiter + c + "\n";
    };
    CHECK(rows_as_told(row("sku", "title", "price") + row("A", "One, a|b~c: x; y", "\"1\"") + row("B", "", "")) ==
          Rows{{"sku", "title", "price"}, {"A", "One, a|b~c: x; y", "1"}, {"B", "", ""}});
  }
  // What was found before is found still.
  CHECK(rows_as_told("sku,Item #\nA,5\n") == Rows{{"sku", "Item #"}, {"A", "5"}});
  CHECK(rows_as_told("sku||title\n1|x|One\n") == Rows{{"sku", "", "title"}, {"1", "x", "One"}});
  CHECK(rows_as_told("sku,a::b::c\nA,x\n") == Rows{{"sku", "a::b::c"}, {"A", "x"}});
  CHECK(rows_as_told("category::path\nShoes\n") == Rows{{"category::path"}, {"Shoes"}});
  // ASCII's own separators: a line end is a letter.
  Dialect units{"\x1f"};
  units.separated = true;
  CHECK(rows_of({"a\x1f", "b\x1e\nA\x1fone\nline\x1e"}, units) == Rows{{"a", "b"}, {"A", "one\nline"}});
}

TEST_CASE("csv: a row above a limit is told as such, and the next one is read as if nothing had been") {
  const auto faults_of = [](const std::string& text) {
    CsvReader reader(',', CsvReader::Quotes::rfc4180);
    std::string faults;
    const auto take = [&](TableRow&& row) -> Result<> {
      faults += std::to_string(row.line) + ":" + (row.fault.empty() ? row.cells.back() : row.fault) + " ";
      return {};
    };
    for (std::size_t at = 0; at < text.size(); at += 1 << 16)
      REQUIRE(reader.feed(std::string_view(text).substr(at, 1 << 16), take).ok());
    REQUIRE(reader.finish(take).ok());
    return faults;
  };
  CHECK(faults_of("a,b\n1,\"" + std::string(10 << 20, 'x') + "\"\n2,good\n") ==
        "1:b 2:has a cell larger than 4 MiB 3:good ");
  CHECK(faults_of("a,b\n1," + std::string(10 << 20, 'x') + "\n2,good\n") ==
        "1:b 2:has a cell larger than 4 MiB 3:good ");
  std::string wide = "a,b\n1";
  for (int i = 0; i < 20; ++i) wide += ",\"" + std::string(4 << 20, 'x') + "\"";
  CHECK(faults_of(wide + "\n2,good\n") == "1:b 2:is larger than 64 MiB 3:good ");
  CHECK(faults_of("a,b\n" + std::string(5 << 20, 'x') + ",\n2,good\n") == "1:b 2:has a cell larger than 4 MiB 3:good ");
  CHECK(faults_of("a,b\n" + std::string(100'000, ',') + "\n2,good\n") == "1:b 2:has more than 5,000 columns 3:good ");
}

TEST_CASE("csv: columns lined up with blanks keep their quotes out of the cells") {
  CHECK(rows_of({"name  , list\nFoo   , \"a, b\"  \n , \"c\"\"d\"\n"}, ',', CsvReader::Quotes::padded) ==
        Rows{{"name  ", "list"}, {"Foo   ", "a, b"}, {"", "c\"d"}});
}

TEST_CASE("csv: what is written is read back, and formulas are disarmed for people") {
  std::string out;
  write_csv_row({"plain", "a,b", "say \"hi\"", "two\nlines", "=1+1"}, false, out);
  CHECK(rows_of({out}) == Rows{{"plain", "a,b", "say \"hi\"", "two\nlines", "=1+1"}});
  out.clear();
  write_csv_row({"a,b", "c;d", "say \"hi\""}, false, out, ';');
  CHECK(out.starts_with("a,b;\"c;d\";"));
  CHECK(rows_of({out}, ';') == Rows{{"a,b", "c;d", "say \"hi\""}});
  out.clear();
  write_csv_row({"=1+1", "-5", "-5+1", "@x", "'quoted", "it's"}, true, out);
  CHECK(rows_of({out}) == Rows{{"'=1+1", "-5", "'-5+1", "'@x", "''quoted", "it's"}});
}

TEST_CASE("encoding: one damaged byte does not turn the accents of a UTF-8 file into others") {
  ToUtf8 reader;
  std::string out = reader.feed("Cr\xc3\xa8me\n", false);
  out += reader.feed(
      "dam\xff"
      "aged\n\xc3\xa9t\xc3\xa9\n",
      true);
  CHECK(out ==
        "Cr\xc3\xa8me\ndam\xff"
        "aged\n\xc3\xa9t\xc3\xa9\n");
  CHECK(reader.encoding() == "UTF-8");
}

TEST_CASE("encoding: UTF-16 without its mark is read as what it is") {
  CHECK(ToUtf8().feed(std::string_view("s\0k\0u\0\n\0", 8), true) == "sku\n");
  CHECK(ToUtf8().feed(std::string_view("\0s\0k\0u\0\n", 8), true) == "sku\n");
}

TEST_CASE("encoding: UTF-8, UTF-16 and Windows-1252 give the same text, wherever the pieces are cut") {
  const std::string text = "Crème – 5 € 😀";
  const std::string utf16(
      "\xff\xfe"
      "C\0r\0\xe8\0m\0e\0 \0\x13\x20 \0005\0 \0\xac\x20 \0\x3d\xd8\x00\xde",
      30);
  for (std::size_t cut = 3; cut < text.size(); ++cut) {
    ToUtf8 reader;
    std::string out = reader.feed("\xef\xbb\xbf" + text.substr(0, cut), false);
    CHECK(out + reader.feed(text.substr(cut), true) == text);
  }
  for (std::size_t cut = 2; cut < utf16.size(); ++cut) {
    ToUtf8 reader;
    std::string out = reader.feed(utf16.substr(0, cut), false);
    CHECK(out + reader.feed(utf16.substr(cut), true) == text);
    CHECK(reader.encoding() == "UTF-16LE");
  }
  ToUtf8 latin;
  CHECK(latin.feed("Cr\xe8me \x96 5 \x80", true) == "Crème – 5 €");
  CHECK(latin.encoding() == "Windows-1252");
}

TEST_CASE("encoding: letters of Eastern Europe, Greece and Turkey are told by their words, Western ones stay") {
  const auto text = [](std::initializer_list<std::string_view> words) {
    std::string out = "sku;title\n";
    for (const std::string_view word : words) out.append("A-1;").append(word).append("\n");
    return out;
  };
  // "Kurtka zimnyaya muzhskaya", "Botinki kozhanye".
  CHECK(encoding_of(text({"\xeb\xd5\xd2\xd4\xcb\xc1 \xda\xc9\xcd\xce\xd1\xd1 \xcd\xd5\xd6\xd3\xcb\xc1\xd1",
                          "\xe2\xcf\xd4\xc9\xce\xcb\xc9 \xcb\xcf\xd6\xc1\xce\xd9\xc5"})) == "KOI8-U");
  CHECK(encoding_of(text({"\x8a\xe3\xe0\xe2\xaa\xa0 \xa7\xa8\xac\xad\xef\xef \xac\xe3\xa6\xe1\xaa\xa0\xef",
                          "\x81\xae\xe2\xa8\xad\xaa\xa8 \xaa\xae\xa6\xa0\xad\xeb\xa5"})) == "DOS (code page 866)");
  CHECK(encoding_of(text({"\xba\xe3\xe0\xe2\xda\xd0 \xd7\xd8\xdc\xdd\xef\xef \xdc\xe3\xd6\xe1\xda\xd0\xef",
                          "\xb1\xde\xe2\xd8\xdd\xda\xd8 \xda\xde\xd6\xd0\xdd\xeb\xd5"})) == "ISO-8859-5");
  CHECK(encoding_of(text({"\xca\xf3\xf0\xf2\xea\xe0 \xe7\xe8\xec\xed\xff\xff \xec\xf3\xe6\xf1\xea\xe0\xff",
                          "\xc1\xee\xf2\xe8\xed\xea\xe8 \xea\xee\xe6\xe0\xed\xfb\xe5"})) == "Windows-1251");
  // "Papoutsia dermatina", "Aneta" with an accent on its capital.
  const std::string greek = "\xd0\xe1\xf0\xef\xfd\xf4\xf3\xe9\xe1 \xe4\xe5\xf1\xec\xdc\xf4\xe9\xed\xe1";
  CHECK(encoding_of(text({greek, "\xa2\xed\xe5\xf4\xe1"})) == "Windows-1253");
  CHECK(encoding_of(text({greek, "\xb6\xed\xe5\xf4\xe1"})) == "ISO-8859-7");
  CHECK(encoding_of(text({"K\xfd\xfel\xfdk \xe7ocuk ayakkab\xfds\xfd", "G\xfcne\xfe g\xf6zl\xfc\xf0\xfc",
                          "I\xfe\xfd\xf0"})) == "Windows-1254");
  CHECK(encoding_of(text({"Vyri\xf0ki \xfeieminiai batai", "lovel\xeb su \xe8iu\xfeiniu, \xf0viesi, gra\xfei",
                          "Vaiki\xf0ka"})) == "Windows-1257");
  CHECK(encoding_of(text({"na ka\xbf"
                          "d\xb1 por\xea, \xbf\xf3\xb3ty",
                          "\xb6wietna jako\xb6\xe6, \xb3\xf3\xbfko"})) == "ISO-8859-2");
  CHECK(encoding_of(text({"na ka\xbf"
                          "d\xb9 por\xea, \xbf\xf3\xb3ty",
                          "\x9cwietna jako\x9c\xe6, \xb3\xf3\xbfko"})) == "Windows-1250");
  CHECK(encoding_of(text({"na ka\xbe"
                          "d\xa5 por\xa9, \xbe\xa2\x88ty",
                          "\x98wietna jako\x98\x86, \x88\xa2\xbeko"})) == "DOS (code page 852)");
  CHECK(encoding_of(text({"Semelle l\x82g\x8are, tr\x8as r\x82sistante",
                          "Prot\x8age la peau, qualit\x82 sup\x82rieure"})) == "DOS (code page 850)");
  // "Skrin, zidle, cerny", each by itself.
  CHECK(encoding_of(text({"sk\xf8\xed\xf2", "\x9eidle sk\xf8\xed\xf2",
                          "\x8eidle \xe8"
                          "ern\xfd",
                          "\x9eidle \x9aroub"})) == "Windows-1250");
  // Western Europe: French, Icelandic, Danish, Estonian, capitals of German, and quotes that Word sets.
  for (const std::string_view western :
       {"Semelle l\xe9g\xe8re, tr\xe8s r\xe9sistante, qualit\xe9 sup\xe9rieure, ma\xeet\x92re",
        "\xde\xe6gilegir sk\xf3r \xfar le\xf0ri, g\xf3\xf0 st\xe6r\xf0, hl\xfd peysa me\xf0 mynstri, \xfe"
        "essi h\xfa"
        "fa",
        "bl\xf8"
        "d s\xe5l, gr\xf8n og bl\xe5, n\xf8gle, l\xe6"
        "der, \xe0 la carte",
        "\xf5huke, k\xf5rge, p\xfcsiv, m\xf5\xf5"
        "dus, n\xf6\xf6p, t\xe4ispuit",
        "GR\xd6SSE M\xdcLLER \xdc"
        "BER \xc4RGER K\xc4SE STR\xc4HNE GEF\xc4SS B\xdcRO",
        "don\x92t, it\x92s, we\x92re, you\x92ll, end\x97"
        "begin, a\x96z and so\x85"
        "on",
        // No-break spaces and signs, alone and beside accented letters.
        "Bougie \xab\xa0\xc9"
        "clat d\x92\xe9t\xe9\xa0\xbb, Savon \xab\xa0\xc9pic\xe9\xa0\xbb, caf\xe9\xa0\xe9t\xe9\xa0\xe0\xa0la\xa0"
        "carte",
        "aix\xf2\xa0\xd7\xa0"
        "caf\xe8, Bra\xe7\xa0\xd8\xa0pe\xe7"
        "a, pla\xe7"
        "a\xa0\x96\xa0"
        "caf\xe8\xae, catal\xe0\xa0\xb7\xa0\x93"
        "for\xe7"
        "a\x94",
        "Perch\xe9\xa0\xd8\xa0universit\xe0 \x82Luned\xec\x91 \x82perch\xe9\x91, cos\xec\xa0\xbb",
        "Ni\xf1"
        "as\xa0y\xa0ni\xf1os \xa1Qu\xe9\xa0"
        "a\xf1o! espa\xf1ol\xa0\xa1hola, mesa\xa0\xa1nueva",
        "Table\xa0of\xa0oak, Caf\xe9\xa0"
        "d\xe9"
        "cor, Price\xa0\xa3\xa0per, Lamp\xa0of\xa0\xa3\xa0"
        "brass, was\xa0\xa3\xa0now",
        "Idee\xebn\xa0voor\xa0\xe9\xe9n persoon, Belgi\xeb\xa0"
        "en\xa0"
        "br\xfbl\xe9"
        "e",
        // Hebrew, which is not read: none of the others.
        "\xf9\xe5\xec\xe7\xef \xf2\xf5 \xeb\xe9\xf1\xe0 \xe2\xef \xe0\xf8\xe5\xef \xec\xe1\xef"})
    CHECK_MESSAGE(encoding_of(text({western})) == "Windows-1252", western);
}

TEST_CASE("encoding: two bytes a character are refused as what they are, wherever the pieces are cut") {
  // "Men's winter coat, warm and comfortable" in GBK, Big5, Shift_JIS and EUC-KR. The first two bytes of the first
  // look like UTF-8.
  for (const std::string_view bytes :
       {"sku,title\nA,\xc4\xd0\xca\xbf\xb6\xac\xbc\xbe\xcd\xe2\xcc\xd7\xce\xc2\xc5\xaf\xca\xe6\xca\xca\n",
        "sku,title\nA,\xa8\x6b\xa4\x68\xa5\x56\xa9\x75\xa5\x7e\xae\x4d\xb7\xc5\xb7\x78\xb5\xce\xbe\x41\n",
        "sku,title\nA,\x83\x81\x83\x93\x83\x59\x93\x7e\x83\x52\x81\x5b\x83\x67\x92\x67\x82\xad\x82\xc4\n",
        "sku,title\nA,\xb3\xb2\xbc\xba\xbf\xeb \xb0\xdc\xbf\xef \xc4\xda\xc6\xae \xb5\xfb\xb6\xe6\xc7\xcf\xb0\xed\n"}) {
    CHECK(encoding_of(bytes) == "unreadable");
    ToUtf8 reader;
    for (std::size_t at = 0; at < bytes.size(); at += 7)
      static_cast<void>(reader.feed(bytes.substr(at, 7), at + 7 >= bytes.size()));
    CHECK(reader.is_unreadable());
  }
}

TEST_CASE("encoding: UTF-32 is read by its mark") {
  CHECK(ToUtf8().feed(std::string_view("\xff\xfe\0\0s\0\0\0\xac\x20\0\0\0\xf6\1\0\xff\xff\xff\xff", 20), true) ==
        "s\u20ac\U0001f600\ufffd");
  ToUtf8 reader;
  const std::string_view big("\0\0\xfe\xff\0\0\0s\0\0\x20\xac", 12);
  std::string out;
  for (std::size_t at = 0; at < big.size(); ++at) out += reader.feed(big.substr(at, 1), at + 1 == big.size());
  CHECK(out == "s\u20ac");
  CHECK(reader.encoding() == "UTF-32BE");
}

TEST_CASE("encoding: what somebody says it is is obeyed, wherever the pieces are cut") {
  const auto as = [](std::string_view encoding, const std::string& file, std::size_t cut) {
    ToUtf8 to_utf8 = *ToUtf8::told(encoding);
    std::string out = to_utf8.feed(file.substr(0, cut), false);
    out += to_utf8.feed(file.substr(cut), true);
    return to_utf8.is_contradicted() ? "not " + std::string(to_utf8.encoding()) : out;
  };
  for (const auto& [encoding, file, text] :
       std::initializer_list<std::tuple<std::string_view, std::string, std::string>>{
           {"iso-8859-7", "a\xca\xef\xfd", "aΚού"},
           {"Windows-1251", "\xcc\xe8\xf0 x", "Мир x"},
           {"koi8-r", "\xed\xc9\xd2 x", "Мир x"},
           {"windows-1253", "\xcd\xd2 xyz", "Ν\xef\xbf\xbd xyz"},  // which has no letter there
           {"iso-8859-1", "caf\xc3\xa9", "cafÃ©"},                 // though it is good UTF-8
           {"utf-8", "caf\xe9;x", "caf\xe9;x"},                    // its row is refused by whoever reads it
           {"utf-8",
            "\xef\xbb\xbf"
            "a\xc3\xa9",
            "aé"},
           {"UTF-16LE",
            std::string("\xff\xfe"
                        "a\0b\0",
                        6),
            "ab"},
           {"utf-16be", std::string("\0a\0b", 4), "ab"},
           {"windows-1252",
            std::string("\xff\xfe"
                        "a\0b\0",
                        6),
            "not UTF-16LE"},
           {"utf-16le",
            "\xef\xbb\xbf"
            "abc",
            "not UTF-8"}})
    for (std::size_t cut = 0; cut <= file.size(); ++cut) CHECK_MESSAGE(as(encoding, file, cut) == text, cut);
  for (const std::string_view none : {"", "klingon", "shift_jis", "utf-7", "windows-1252 "}) CHECK(!ToUtf8::told(none));
  // The list that people are shown is all of it.
  std::set<std::string_view> pages;
  for (const std::string_view name : split(kEncodings, ',')) {
    REQUIRE_MESSAGE(ToUtf8::told(trim(name)), name);
    if (const auto page = code_page_called(trim(name))) pages.insert(name_of(*page));
  }
  CHECK(pages.size() == static_cast<std::size_t>(CodePage::dos866) + 1);
}

TEST_CASE("csv: a delimiter is said by a word or its signs, and is none that a reader looks for anyway") {
  CHECK(delimiter_called("Tab") == "\t");
  CHECK(delimiter_called("semicolon") == ";");
  CHECK(delimiter_called("space") == " ");
  CHECK(delimiter_called(" | ") == " | ");
  CHECK(delimiter_called("§") == "§");
  CHECK(delimiter_called("\x1f") == "\x1f");
  for (const std::string_view never : {"", "komma", "a", "0", "\"", ";'", "`", "\n", "\r", "\\", "!!!!!!!!!", "\xc2"})
    CHECK_MESSAGE(!delimiter_called(never), never);
  CHECK(!delimiter_called(std::string_view("\0", 1)));
  for (const char* quote : {"\"", "'", "`", "none"}) CHECK(is_quote_called(quote));
  for (const char* never : {"", "''", "x", "None", "\n"}) CHECK(!is_quote_called(never));
}

TEST_CASE("csv: what is said of the quote is obeyed, where the rows would say otherwise") {
  const auto rows = [](const std::string& text, const Written& said) {
    MemorySource source(text);
    const auto reading = *open_here(source);
    REQUIRE(reading->open(said).ok());
    Rows out;
    REQUIRE(reading
                ->table_rows({0, true},
                             [&](TableRow&& row) -> Result<ZipReader::Go> {
                               out.push_back(std::move(row.cells));
                               return ZipReader::Go::on;
                             })
                .ok());
    return out;
  };
  CHECK(rows("a,b\n'x','y, z'\n", {.delimiter = ",", .quote = "'"}) == Rows{{"a", "b"}, {"x", "y, z"}});
  CHECK(rows("a,b\n\"x,\"y\"\n", {.quote = "none"}) == Rows{{"a", "b"}, {"\"x", "\"y\""}});
  const std::string all = "'a','b'\n'c','d'\n'e','f'\n'g','h'\n";
  CHECK(rows(all, {.quote = "\""})[1] == Rows{{"'c'", "'d'"}}[0]);
  // A plainer delimiter counts no longer.
  CHECK(rows("a;b,c!d\n1;2,3!4\n", {.delimiter = "!"}) == Rows{{"a;b,c", "d"}, {"1;2,3", "4"}});
}
