#include "expression/formula.h"

#include <doctest/doctest.h>

#include <map>
#include <random>

using namespace pf;
using expression::Formula;

namespace {

const std::map<std::string, std::string, std::less<>> kRow{
    {"Netto", "19,95"},     {"Voorraad", "3"},  {"Merk", " Acme "},
    {"Kleur", "Rood"},      {"Leeg", ""},       {"Maat", "1.045,99"},
    {"Datum", "6-11-2026"}, {"Twee", "1,234"},  {"Naam", "Blauwe trui"},
    {"a]b", "x"},           {"Gewicht", "0.5"}, {"Pad", "Mode > Heren > Truien"},
    {"Straße", "Größe"}};

std::optional<std::string> grams(std::string_view amount, std::string_view from, std::string_view to) {
  if (from != "kg" || to != "g") return std::nullopt;
  return amount == "0.5" ? std::optional<std::string>("500") : std::nullopt;
}

Result<std::string> work_out(const Formula& formula, std::string_view value = "cell") {
  std::vector<std::string_view> cells;
  for (const std::string& column : formula.columns())
    cells.push_back(kRow.contains(column) ? std::string_view(kRow.find(column)->second) : std::string_view());
  return formula.work_out(cells, value, grams);
}
// What comes out, or the message.
std::string out(std::string_view text, std::string_view value = "cell") {
  const auto formula = Formula::parse(text);
  if (!formula.ok()) return formula.error().message;
  const auto result = work_out(*formula, value);
  return result.ok() ? *result : result.error().message;
}

}  // namespace

TEST_CASE("formulas: what each word of the language does") {
  const std::vector<std::pair<const char*, const char*>> all{
      {"[Netto] * 1.21", "24.1395"},
      {"round([Netto] * 1.21, 2)", "24.14"},
      {"0.1 + 0.2", "0.3"},
      {"0.1 + 0.2 = 0.3", "yes"},
      {"10 / 3", "3.333333333333"},
      {"7 % 4 + -2", "1"},
      {"2 + 3 * 4", "14"},
      {"(2 + 3) * 4", "20"},
      {"10 - 2 - 3", "5"},
      {"[Maat] + 0", "1045.99"},
      {"[Leeg] * 1.21", ""},
      {"[Leeg] & 'x' & [Leeg]", "x"},
      {"[Merk] & \" \" & [Naam]", "Acme Blauwe trui"},
      {"if([Voorraad] > 0, 'yes', 'no')", "yes"},
      {"if([Voorraad] > 3, 'many')", ""},
      {"[Voorraad] >= 3 and not [Voorraad] <> 3 or no", "yes"},
      {"IF([Kleur] = \"rood\", 1, 2)", "2"},
      {"lookup(lower([Kleur]), 'rood', 'red', 'blauw', 'blue', [Kleur])", "red"},
      {"lookup('geel', 'rood', 'red', 'other')", "other"},
      {"lookup('geel', 'rood', 'red')", ""},
      {"first([Leeg], [Kleur], 1 / 0)", "Rood"},
      {"empty([Leeg])", "yes"},
      {"upper([Straße])", "GRÖẞE"},
      {"lower('ÀÉΣ')", "àéσ"},
      {"length([Straße])", "5"},
      {"left([Straße], 3) & '|' & right([Straße], 2) & '|' & mid([Straße], 2, 3)", "Grö|ße|röß"},
      {"left('ab', 0)", ""},
      {"right('ab', 9)", "ab"},
      {"replace([Naam], 'Blauwe', 'Rode')", "Rode trui"},
      {"replace('aaa', '', 'b')", "aaa"},
      {"split([Pad], '>', 2) & split([Pad], '>', -1) & split([Pad], '>', 9)", "HerenTruien"},
      {"contains([Naam], 'trui') and starts([Naam], 'Blauwe') and not ends([Naam], 'x')", "yes"},
      {"matches([Naam], '[A-Z].* trui')", "yes"},
      {"extract('maat 42 of 43', '(\\d+)')", "42"},
      {"extract('geen', '\\d+')", ""},
      {"number('1.045,99')", "1045.99"},
      {"number('1,045.99') & number('1.234.567')", "1045.991234567"},
      {"round(2.5) & round(-2.5) & floor(-0.5) & ceil(-0.5) & abs(-3)", "3-3-103"},
      {"min(3, [Leeg], 2) & max(3, [Leeg], 2)", "23"},
      {"date([Datum], 'DD-MM-YYYY')", "2026-11-06"},
      {"date('26.11.2026 9:30', 'DD.MM.YYYY hh:mm')", "2026-11-26T09:30:00Z"},
      {"convert([Gewicht], 'kg', 'g') + 1", "501"},
      {"value & '!'", "cell!"},
      {"[a]]b]", "x"},
      {"'it''s'", "it's"},
      {"-[Voorraad] * -2", "6"},
      {"'blue' = 3", "no"},
      {"'b' > 'a'", "yes"},
      {"empty < 3", "no"},
      {"true & false", "yesno"},
  };
  for (const auto& one : all) {
    INFO(one.first);
    CHECK(out(one.first) == one.second);
  }
  CHECK(Formula::parse("[A] & [b] & [A]")->columns() == std::vector<std::string>{"A", "b"});
}

TEST_CASE("formulas: what cannot be read says where and why") {
  const std::vector<std::pair<const char*, const char*>> all{
      {"", "at character 1: a value is missing"},
      {"1 +", "at character 4: a value is missing"},
      {"1 2", "at character 3: an operator or the end is expected"},
      {"'ß' ?", "at character 5: an operator"},
      {"kleur", "at character 1: \"kleur\" is no word of this language"},
      {"nothing(1)", "there is no function nothing"},
      {"round()", "round takes 1 or 2 values"},
      {"upper(1, 2)", "upper takes 1 value in its brackets"},
      {"if(1)", "if takes 2 or 3 values"},
      {"lookup(1)", "lookup takes 3 or more values"},
      {"upper('a'", "a , or ) is missing"},
      {"(1", "a ) is missing"},
      {"'a", "a quote is missing"},
      {"[a", "a ] is missing"},
      {"1.2.3", "this is no number"},
      {"matches(value, value)", "the pattern must be a text in quotes"},
      {"matches(value, '(')", "This is not a pattern"},
  };
  for (const auto& one : all) {
    INFO(one.first);
    CHECK(out(one.first).find(one.second) != std::string::npos);
  }
  CHECK(out(std::string(120, '(')).find("nested more than 100 deep") != std::string::npos);
  CHECK_FALSE(Formula::parse(std::string(4'001, '1')).ok());
  CHECK_FALSE(Formula::parse("'\xff'").ok());
}

TEST_CASE("formulas: what a row cannot give is told without repeating the row") {
  for (const char* formula : {"[Naam] * 2", "[Twee] + 1", "1 / 0", "if([Naam], 1, 2)", "date([Naam], 'DD-MM-YYYY')",
                              "date('31-02-2026', 'DD-MM-YYYY')", "convert([Naam], 'kg', 'g')", "left('a', 1.5)",
                              "99999999999 * 99999999999"}) {
    INFO(formula);
    const auto parsed = Formula::parse(formula);
    REQUIRE(parsed.ok());
    const auto result = work_out(*parsed);
    REQUIRE_FALSE(result.ok());
    CHECK(result.error().code == ErrorCode::invalid);
    CHECK(result.error().message.find("trui") == std::string::npos);
  }
  CHECK(out("if(no, 1 / 0, 'fine')") == "fine");
}

TEST_CASE("formulas: a long one, a deep one and a greedy one end") {
  std::string sum = "1";
  while (sum.size() < 2 * expression::kDepthMax - 1) sum += "+1";
  CHECK(out(sum) == std::to_string(expression::kDepthMax));
  CHECK(out(sum + "+1").find("nested more than 100 deep") != std::string::npos);
  CHECK(out(std::string(40, '(') + "1" + std::string(40, ')')) == "1");
  // A text that doubles: refused at a mebibyte, not worked out.
  std::string greedy = "'" + std::string(3'000, 'a') + "'";
  for (int i = 0; i < 9; ++i) greedy = "replace(" + greedy + ",'a','aaaa')";
  CHECK(out(greedy).find("MiB of text") != std::string::npos);
  // Looked for at each place anew, or through each count of a pattern, these would take many seconds.
  const std::string text(600'000, 'a'), part = std::string(300'000, 'a') + "b";
  const auto parsed = [](const char* formula) { return *expression::Formula::parse(formula); };
  const std::string_view cells[] = {text, part};
  CHECK(*parsed("contains([T], [P])").work_out(cells, "", {}) == "no");
  const auto searched = parsed("extract(value, '((a|b){1,900}c)')").work_out({}, text, {});
  CHECK((!searched.ok() && searched.error().message.find("too large") != std::string::npos));
  CHECK(*parsed("extract(value, '((a|b){1,900}c)')").work_out({}, "xbac", {}) == "bac");
}

TEST_CASE("formulas: whatever is written, an answer comes") {
  static const std::vector<std::string> kPieces{
      "[Netto]", "[Naam]", "value", "1",     "2.5",   "'a'", "(",   ")",  ",",   "+",   "-",      "*",       "/",
      "%",       "&",      "=",     "<>",    "<",     ">=",  "and", "or", "not", "if(", "first(", "lookup(", "split(",
      "round(",  "date(",  "mid(",  "left(", "empty", "yes", "[",   "]",  "'",   "\"",  ".",      "ß"};
  std::mt19937 dice(std::random_device{}());
  for (int i = 0; i < 5'000; ++i) {
    std::string text;
    for (std::size_t n = dice() % 12; n-- > 0;) text += kPieces[dice() % kPieces.size()] + (dice() % 2 == 0 ? " " : "");
    INFO(text);
    const auto formula = Formula::parse(text);
    if (!formula.ok()) {
      REQUIRE(formula.error().message.size() > 20);
      continue;
    }
    const auto result = work_out(*formula);
    REQUIRE((result.ok() || !result.error().message.empty()));
  }
}
