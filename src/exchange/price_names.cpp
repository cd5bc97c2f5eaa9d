#include "exchange/price_names.h"

#include <vector>

#include "productflow/text.h"

namespace pf::exchange {
namespace {

// ISO 4217's, in use in 2026. Three letters behind "price" may be anything: VAT, net, min, old.
bool is_known_currency(std::string_view code) {
  static constexpr std::string_view kCodes =
      "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP "
      "CNY "
      "COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR "
      "ILS "
      "INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT "
      "MOP "
      "MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD "
      "SCR "
      "SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND "
      "VUV "
      "WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG";
  return code.size() == 3 && kCodes.find(code) % 4 == 0;  // npos is odd
}

// What a word in a price's name says. Each word must say something: "shipping price" and "price group" are no prices.
enum class PriceWord { none, filler, sells, retail, sale, suggested, before, bought, cost, net };
PriceWord price_word(std::string_view word) {
  struct Meaning {
    PriceWord meaning;
    std::string_view words;  // between blanks
  };
  static constexpr Meaning kMeanings[] = {
      {PriceWord::sells,
       " vk vkpreis verkoopprijs verkaufspreis verkoop verkauf sell selling sales vente venta vendita site shop final "
       "webshop "
       "bruttopreis bundle "},
      {PriceWord::retail, " retail "},
      {PriceWord::sale, " sale "},
      {PriceWord::suggested,
       " msrp rrp uvp uvpe adviesprijs adviesverkoopprijs consumentenadviesprijs recommended suggested conseillé pvp "},
      {PriceWord::before,
       " old oud oude former was pseudo compare vanprijs streichpreis alter ancien initial original "},
      {PriceWord::bought,
       " ek ekpreis inkoop inkoopprijs einkaufspreis einkauf purchase wholesale supply buying achat acquisto compra "},
      {PriceWord::cost, " cost kostprijs coste "},
      {PriceWord::net, " net netto excl exclusief exkl ex excluded excluding ht nettopreis "},
      {PriceWord::filler,
       " price prices preis prijs prix precio prezzo cena product item artikel incl inkl "
       "inclusief including included "
       "inc inclusa tax vat btw mwst ust tva ttc iva gross "
       "brutto bruto the of in at to de d di unit std standard standaard regular reguliere normal start current "
       "default "
       "durchschnittlicher average gemiddelde "}};
  for (const Meaning& one : kMeanings) {
    const std::size_t at = one.words.find(" " + std::string(word) + " ");
    if (at != std::string_view::npos) return one.meaning;
  }
  return PriceWord::none;
}

}  // namespace

std::optional<catalog::PriceKind> price_kind(std::string_view name) {
  for (std::size_t i = 0; i < catalog::kPriceKinds; ++i)
    if (catalog::price_name(static_cast<catalog::PriceKind>(i)) == name) return static_cast<catalog::PriceKind>(i);
  return std::nullopt;
}

std::optional<ProductColumn> price_of(std::string_view name) {
  if (name.ends_with(')')) name.remove_suffix(1);
  if (name.size() < 5) return std::nullopt;
  std::string code(name.substr(name.size() - 3));
  for (char& c : code)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
  const auto currency = Currency::parse(code);
  if (!currency.ok() || !is_known_currency(code)) return std::nullopt;
  std::string_view start = name.substr(0, name.size() - 3);
  const auto end = start.find_last_not_of(" (.-_");
  if (end == std::string_view::npos || end + 1 == start.size()) return std::nullopt;
  const std::string folded = lower_ascii(start.substr(0, end + 1));
  const auto kind = folded == "price" ? std::optional(catalog::PriceKind::sell_price) : price_kind(folded);
  if (!kind) return std::nullopt;
  return ProductColumn{.kind = ProductColumn::Kind::price, .price = *kind, .currency = std::string(currency->code())};
}

std::optional<WordedPrice> worded_price(std::string_view name) {
  std::vector<std::string> words;
  char before = ' ';
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name.substr(i).starts_with("\u20ac")) {
      words.emplace_back("eur");
      i += 2;
      before = ' ';
      continue;
    }
    const char c = name[i];
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
    if (!letter && c != ' ' && std::string_view("_-()[]/.,:*'").find(c) == std::string_view::npos) return std::nullopt;
    const bool begins = letter && (before == ' ' || (c >= 'A' && c <= 'Z' && before >= 'a' && before <= 'z'));
    if (begins) words.emplace_back();
    if (letter) words.back() += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    before = letter ? c : ' ';
  }
  constexpr std::size_t kWordsMax = 8;
  if (words.empty() || words.size() > kWordsMax) return std::nullopt;
  // One of them must be a price by itself.
  constexpr std::string_view kPrices =
      " price prices preis prijs prix precio prezzo cena vk vkpreis verkoopprijs verkaufspreis bruttopreis msrp rrp "
      "uvp "
      "uvpe adviesprijs adviesverkoopprijs consumentenadviesprijs vanprijs streichpreis ek ekpreis inkoopprijs "
      "einkaufspreis cost "
      "kostprijs "
      "coste ";
  WordedPrice out;
  std::optional<catalog::PriceKind> kind;
  bool price = false;
  // "Precio sin IVA", "price with tax": with or without what, says the word behind.
  constexpr std::string_view kWith = " con with mit met avec ", kWithout = " sin senza without ohne zonder sans ",
                             kTaxes = " tax vat btw mwst ust tva iva ";
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    const auto is_of = [&](std::string_view all) { return all.find(" " + word + " ") != std::string_view::npos; };
    if (is_of(kWith) || is_of(kWithout)) {
      if (i + 1 == words.size() || kTaxes.find(" " + words[i + 1] + " ") == std::string_view::npos) return std::nullopt;
      out.net = out.net || is_of(kWithout);
      continue;
    }
    price = price || kPrices.find(" " + word + " ") != std::string_view::npos;
    switch (price_word(word)) {
      case PriceWord::none: {
        std::string code = word;
        for (char& c : code)
          if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
        if (!is_known_currency(code)) return std::nullopt;
        out.currency = code;
        break;
      }
      case PriceWord::filler:
      case PriceWord::sells:
        break;
      case PriceWord::retail:
        out.retail = true;
        break;
      case PriceWord::sale:
        out.sale = true;
        break;
      case PriceWord::suggested:
        kind = catalog::PriceKind::suggested_retail_price;
        break;
      case PriceWord::before:
        kind = catalog::PriceKind::base_price;
        break;
      case PriceWord::bought:
        kind = catalog::PriceKind::purchase_price;
        break;
      case PriceWord::cost:
        kind = catalog::PriceKind::cost_price;
        break;
      case PriceWord::net:
        out.net = true;
        break;
    }
  }
  if (!price) return std::nullopt;
  if (kind) out.retail = false;
  out.kind = kind.value_or(catalog::PriceKind::sell_price);
  return out;
}

std::optional<std::size_t> currency_column(const Header& header) {
  for (const std::string_view name :
       {"currency", "currencyid", "price.currency", "price currency", "pricecurrency", "price_currency",
        "currency code", "currency_code", "offers.pricecurrency", "valuta", "währung", "devise"})
    if (const auto at = header.find(name)) return at;
  return std::nullopt;
}

}  // namespace pf::exchange
