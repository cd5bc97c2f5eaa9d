#include "exchange/product_columns.h"

#include <algorithm>
#include <map>

#include "exchange/field_names.h"
#include "exchange/personal_columns.h"
#include "exchange/price_names.h"
#include "exchange/values.h"
#include "productflow/text.h"

namespace pf::exchange {
namespace {

using Kind = ProductColumn::Kind;

constexpr std::string_view kAttributes = "attributes.", kAssociations = "associations.", kJson = ":json";

// What our own export writes, and may be written by hand.
ProductColumn own_column(std::string_view name) {
  ProductColumn out;
  out.json = name.size() > kJson.size() && name.ends_with(kJson);
  if (out.json) name.remove_suffix(kJson.size());
  if (out.json && name == "attributes") return {.kind = Kind::all_attributes, .json = true};
  if (out.json && name == "texts") return {.kind = Kind::all_texts, .json = true};
  if (name.size() > kAssociations.size() && name.starts_with(kAssociations)) {
    out.kind = Kind::association;
    out.name = name.substr(kAssociations.size());
    return out;
  }
  const bool prefixed = name.starts_with(kAttributes);
  if (prefixed) name.remove_prefix(kAttributes.size());
  if (prefixed && name.starts_with('"')) {
    const std::size_t end = name.rfind('"');
    const auto quoted = json::parse(name.substr(0, end + 1));
    if (quoted.ok() && quoted->as_string() != nullptr) {
      out.name = *quoted->as_string();
      if (end + 1 < name.size() && name[end + 1] == '@') {
        const auto locale = catalog::parse_locale(name.substr(end + 2));
        if (locale.ok()) out.locale = *locale;
      }
      return out;
    }
  }
  if (const std::size_t at = name.rfind('@'); at != std::string_view::npos && at > 0)
    if (auto locale = catalog::parse_locale(name.substr(at + 1)); locale.ok()) {
      out.locale = *std::move(locale);
      name = name.substr(0, at);
    }
  out.name = name;
  if (!prefixed && !out.locale.empty() && !out.json) {
    if (equals_ignoring_case(name, "title")) out.kind = Kind::title;
    if (equals_ignoring_case(name, "description")) out.kind = Kind::description;
  }
  return out;
}

bool is_text_name(std::string_view plain, Kind kind) {
  for (const FieldNames& field : names_of_fields())
    if (field.kind == kind && std::ranges::find(field.names, plain) != field.names.end()) return true;
  return false;
}

// "NL_Title_Short", "DE_Description_Long": the language in front, as Lightspeed writes it.
std::optional<ProductColumn> text_after_language(std::string_view name) {
  if (name.size() < 8 || name[2] != '_') return std::nullopt;
  const std::string folded = lower_ascii(name);
  const auto locale = locale_in(std::string_view(folded).substr(0, 2));
  if (!locale || name[0] < 'A' || name[0] > 'Z') return std::nullopt;
  const std::string_view rest = std::string_view(folded).substr(3);
  if (rest == "title_short" || rest == "title") return ProductColumn{.kind = Kind::title, .locale = *locale};
  if (rest == "description_long" || rest == "description")
    return ProductColumn{.kind = Kind::description, .locale = *locale};
  return std::nullopt;
}

// "name:en", "title_nl", "omschrijving nl-NL", "description.de_DE" of a title or description.
std::optional<ProductColumn> localised_text(std::string_view name) {
  if (auto text = text_after_language(name)) return text;
  constexpr std::size_t kLocaleMax = 9;  // "(zh_Hans)" and what divides it
  for (std::size_t cut = name.size(); cut-- > 1 && name.size() - cut <= kLocaleMax + 1;) {
    if (std::string_view(".:- (_@").find(name[cut]) == std::string_view::npos) continue;
    std::string_view end = name.substr(cut + 1);
    if (end.ends_with(')')) end.remove_suffix(1);
    const auto locale = locale_in(end);
    if (!locale) continue;
    const std::string folded = lower_ascii(trim(name.substr(0, cut)));
    if (folded == "item" && *locale == "id") continue;  // "Item.id" is a number, and no Indonesian title
    for (const FieldNames& field : names_of_fields())
      if ((field.kind == Kind::title || field.kind == Kind::description) &&
          std::ranges::find(field.names, folded) != field.names.end())
        return ProductColumn{.kind = field.kind, .locale = *locale};
  }
  return std::nullopt;
}

// As others write the same name: "Image Link" and "image-link" for image_link, "* Name" of a form, "Custom label
// (SKU)", "Categories (x,y,z...)". What stands in brackets is left out only where it says nothing else about the
// column.
std::string plainly(std::string_view name) {
  std::string out = lower_ascii(name);
  for (char& c : out)
    if (c == '_' || c == '-' || c == '*') c = ' ';
  if (out.size() > 1 && out[0] == '#') out[0] = ' ';
  for (const std::string_view remark :
       {"(x,y,z...)", "(0/1)", "(jpeg)", "(url)", "(sku)", "(ean)", "(stk.)", "(stk)", "(stuks)", "(pcs)"})
    if (trim(out).ends_with(remark)) out = std::string(trim(trim(out).substr(0, trim(out).size() - remark.size())));
  return std::string(trim(out));
}

// "Image 2", "bild_3", "IMAGE10", "product image url 1": one of several pictures.
bool is_numbered_picture(std::string_view name) {
  const std::string plain = plainly(name);
  const std::size_t end = plain.find_last_not_of("0123456789");
  if (end == std::string::npos || end + 1 == plain.size() || plain.size() - end > 3) return false;
  const std::string_view word = trim(std::string_view(plain).substr(0, end + 1));
  for (const std::string_view known : {"image",
                                       "image url",
                                       "image link",
                                       "product image",
                                       "product image url",
                                       "picture",
                                       "picture url",
                                       "photo",
                                       "bild",
                                       "bild url",
                                       "afbeelding",
                                       "foto",
                                       "imagen",
                                       "immagine",
                                       "other image url",
                                       "product image file",
                                       "product media gallery image url",
                                       "media image",
                                       "extraimageurl",
                                       "additional image url",
                                       "secondary image",
                                       "image principale",
                                       "url image",
                                       "bild-url",
                                       "weitere bild url",
                                       "imageurl"})
    if (word == known) return true;
  return false;
}

bool is_field_name(std::string_view folded) {
  for (const FieldNames& field : names_of_fields())
    if (std::ranges::find(field.names, folded) != field.names.end()) return true;
  return price_kind(folded) || price_of(folded) || localised_text(folded) || worded_price(folded);
}

[[gnu::cold]] void put_worded_prices(const std::vector<std::string>& names, std::vector<ProductColumn>& columns,
                                     std::vector<bool>& done) {
  const auto has = [&](catalog::PriceKind kind, std::string_view currency) {
    for (std::size_t i = 0; i < columns.size(); ++i)
      if (done[i] && columns[i].kind == Kind::price && columns[i].price == kind && columns[i].currency == currency)
        return true;
    return false;
  };
  std::vector<std::optional<WordedPrice>> worded(names.size());
  for (std::size_t i = 0; i < names.size(); ++i)
    if (!done[i]) worded[i] = worded_price(names[i]);
  for (const int rank : {0, 1, 2})
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (!worded[i] || (worded[i]->sale ? 2 : worded[i]->retail ? 1 : 0) != rank) continue;
      WordedPrice& meant = *worded[i];
      const bool bought =
          meant.kind == catalog::PriceKind::purchase_price || meant.kind == catalog::PriceKind::cost_price;
      if (meant.net && !bought) continue;
      if (rank == 1 && has(meant.kind, meant.currency)) meant.kind = catalog::PriceKind::suggested_retail_price;
      if (has(meant.kind, meant.currency)) continue;
      columns[i] = {.kind = Kind::price, .price = meant.kind, .currency = meant.currency};
      done[i] = true;
    }
}

// Who may be called about a product is a person, and fields of products are seen by everybody.
[[gnu::cold]] void leave_people(const std::vector<std::string>& names, std::vector<ProductColumn>& columns,
                                std::vector<bool>& done) {
  constexpr std::string_view kPersons[] = {
      "contactpersoon",      "contact person",      "contact name",  "contactnaam",
      "ansprechpartner",     "ansprechperson",      "kontaktperson", "personne de contact",
      "persona de contacto", "persona di contatto", "contact"};
  // Somebody's, whoever it is.
  constexpr std::string_view kAnybodys[] = {"address",      "adres",         "adresse",        "anschrift",
                                            "indirizzo",    "dirección",     "telefoonnummer", "telefonnummer",
                                            "phone number", "mobile number", "rufnummer",      "straat",
                                            "straße",       "strasse",       "street"};
  constexpr std::string_view kReached[] = {
      "telefoon",  "telefoonnummer", "tel",   "tel.",   "phone",       "phone number",  "mobile",
      "mobiel",    "mobil",          "handy", "fax",    "telefon",     "telefono",      "teléfono",
      "téléphone", "telephone",      "email", "e mail", "e mailadres", "email address", "emailadres"};
  const auto is_person = [&](std::string_view plain) {
    return std::ranges::any_of(kPersons, [&](std::string_view one) {
      return plain == one || (plain.starts_with(one) && plain.size() > one.size() && plain[one.size()] == ' ');
    });
  };
  bool any = false;
  for (std::size_t i = 0; i < names.size(); ++i)
    if (const std::string plain = plainly(names[i]);
        !done[i] && (is_person(plain) || personal_column(names[i]).surely ||
                     std::ranges::find(kAnybodys, std::string_view(plain)) != std::end(kAnybodys))) {
      columns[i].kind = Kind::left;
      any = done[i] = true;
    }
  // A telephone may be what a cover is made for; an address of mail is nothing that a product has.
  const auto is_mail = [](std::string_view plain) {
    constexpr std::string_view kEmail = "email";
    const std::string_view rest = plain.substr(std::min(kEmail.size(), plain.size()));
    const bool enamel = rest.starts_with('l') || rest.starts_with("farb");  // "Emaille", which pots are made of
    return (plain.starts_with(kEmail) && !enamel) || plain.starts_with("e mail") ||
           plain.starts_with("correo electr") || plain == "courriel" || plain.starts_with("adresse e");
  };
  bool mail = false;
  for (std::size_t i = 0; i < names.size(); ++i)
    if (const std::string plain = plainly(names[i]);
        !done[i] && (is_mail(plain) || (any && std::ranges::find(kReached, plain) != std::end(kReached)))) {
      columns[i].kind = Kind::left;
      mail = done[i] = true;
    }
  // Where whoever is reached so lives: "Lieferant;E-Mail;Telefon;Ort".
  constexpr std::string_view kPlaces[] = {
      "ort",      "plz",   "plaats", "woonplaats", "wohnort",     "stad",         "city",  "zip",      "zipcode",
      "zip code", "ville", "ciudad", "postcode",   "postal code", "postleitzahl", "città", "località", "code postal"};
  for (std::size_t i = 0; i < names.size(); ++i)
    if (const std::string plain = plainly(names[i]); mail && !done[i] &&
                                                     (std::ranges::find(kPlaces, plain) != std::end(kPlaces) ||
                                                      std::ranges::find(kReached, plain) != std::end(kReached))) {
      columns[i].kind = Kind::left;
      done[i] = true;
    }
}

// Wholesalers call an article's name its description: "Artikelcode;Omschrijving;Prijs". So it is where no column is
// the title, and one has a price, an EAN or pieces.
void take_description_for_title(const std::vector<std::string>& names, std::vector<ProductColumn>& columns) {
  const auto where = [&](Kind kind) {
    return static_cast<std::size_t>(std::ranges::find(columns, kind, &ProductColumn::kind) - columns.begin());
  };
  const std::size_t at = where(Kind::description), none = columns.size(), sku = where(Kind::sku);
  if (at == none || where(Kind::title) != none || !columns[at].locale.empty()) return;
  if (where(Kind::price) == none && where(Kind::ean) == none && where(Kind::stock) == none) return;
  const std::string word = plainly(names[at]), key = sku == none ? std::string() : plainly(names[sku]);
  const bool coded = key.find("code") != std::string::npos || key.ends_with(" no") || key.ends_with("number");
  if (word != "omschrijving" && word != "descrizione" && word != "descripción" && !(word == "description" && coded))
    return;
  columns[at].kind = Kind::title;
  for (std::size_t i = 0; i < names.size(); ++i)
    if (columns[i].kind == Kind::attribute && is_text_name(plainly(names[i]), Kind::description)) {
      columns[i] = {.kind = Kind::description};
      return;
    }
}

// "Codice", "Kod": anything may have a code, an article where it has a title and an EAN beside it.
void take_code_for_sku(const Header& header, std::vector<ProductColumn>& columns, std::vector<bool>& done) {
  const auto is_there = [&](Kind kind) {
    return std::ranges::find(columns, kind, &ProductColumn::kind) != columns.end();
  };
  if (is_there(Kind::sku) || !is_there(Kind::title) || !is_there(Kind::ean)) return;
  for (const char* name : {"codice", "kod", "código", "sygnatura"})
    if (const auto at = header.find(name); at && !done[*at]) {
      columns[*at].kind = Kind::sku;
      done[*at] = true;
      return;
    }
}

// What names anything is the article's number where nothing else is, and another column names the article:
// "Nr.;Beschreibung", "Artikel;Omschrijving", "No.;Description".
void take_number_for_sku(const std::vector<std::string>& names, std::vector<ProductColumn>& columns,
                         std::vector<bool>& done) {
  std::size_t key = names.size(), title = names.size(), text = names.size(), others = 0;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string plain = plainly(names[i]);
    // Beside an EAN it may be the number of the line, under which the next supplier's list has another article.
    if (columns[i].kind == Kind::sku || columns[i].kind == Kind::ean) return;
    if (columns[i].kind == Kind::title) title = i;
    if (columns[i].kind == Kind::description) text = i;
    others += columns[i].kind == Kind::price || columns[i].kind == Kind::stock;
    for (const std::string_view one : {"no.", "nr.", "nr", "no", "number", "nummer", "artikel"})
      if (key == names.size() && !done[i] && plain == one) key = i;
  }
  if (key == names.size() || others == 0 || (title == names.size() && text == names.size())) return;
  // "Artikel;Beschreibung" may be a name and what is said of it.
  if (plainly(names[key]) == "artikel" && title == names.size() && plainly(names[text]) != "omschrijving") return;
  columns[key].kind = Kind::sku;
  done[key] = true;
  if (title == names.size()) columns[text].kind = Kind::title;
}

// Of the fields that no column was found for by its very name.
[[gnu::cold]] void as_others_write(const std::vector<std::string>& names, std::vector<ProductColumn>& columns,
                                   std::vector<bool>& done) {
  std::vector<std::string> plain;
  for (const std::string& name : names) plain.push_back(plainly(name));
  const auto found = [&](Kind kind) {
    for (std::size_t i = 0; i < columns.size(); ++i)
      if (done[i] && columns[i].kind == kind && columns[i].currency.empty()) return true;
    return false;
  };
  for (const FieldNames& field : names_of_fields()) {
    if (found(field.kind)) continue;
    for (const std::string_view name : field.names) {
      const auto at = std::ranges::find(plain, plainly(name));
      const auto i = static_cast<std::size_t>(at - plain.begin());
      if (at == plain.end() || done[i]) continue;
      columns[i].kind = field.kind;
      done[i] = true;
      break;
    }
  }
  put_worded_prices(names, columns, done);
  // "ArticleNumber", "stockquantity".
  const auto joined = [](std::string text) {
    std::erase(text, ' ');
    return text;
  };
  constexpr std::size_t kShortest = 6;  // letters: two words that nobody writes as another one
  for (std::string& name : plain) name = joined(std::move(name));
  for (const FieldNames& field : names_of_fields()) {
    if (found(field.kind)) continue;
    for (const std::string_view name : field.names) {
      const std::string wanted = joined(plainly(name));
      const auto at = wanted.size() < kShortest ? plain.end() : std::ranges::find(plain, wanted);
      const auto i = static_cast<std::size_t>(at - plain.begin());
      if (at == plain.end() || done[i]) continue;
      columns[i].kind = field.kind;
      done[i] = true;
      break;
    }
  }
  bool first = !found(Kind::images);
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (done[i] || !is_numbered_picture(names[i])) continue;
    columns[i].kind = std::exchange(first, false) ? Kind::images : Kind::more_images;
    done[i] = true;
  }
}

}  // namespace

bool is_own_export(const Header& header) {
  return header.has("attributes:json") && header.has("texts:json");
}

[[gnu::cold]] std::vector<ProductColumn> product_columns(const Header& header) {
  const auto& names = header.names();
  std::vector<ProductColumn> out(names.size());
  std::vector<bool> done(names.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (auto price = price_of(names[i])) {
      out[i] = *std::move(price);
      done[i] = true;
    }
  }
  const bool own = is_own_export(header);
  for (const FieldNames& field : names_of_fields()) {
    for (const std::string_view name : field.names) {
      const auto at = header.find(name);
      if (!at || done[*at] || (own && name != field.names.front())) continue;
      out[*at].kind = field.kind;
      if (const auto kind = price_kind(name)) out[*at].price = *kind;
      done[*at] = true;
      break;
    }
  }
  if (!own) {
    as_others_write(names, out, done);
    take_code_for_sku(header, out, done);
    take_number_for_sku(names, out, done);
    leave_people(names, out, done);
  }
  // Odoo's words: what Amazon sells for is what it costs there.
  if (const auto sold = header.find("list_price"), cost = header.find("standard_price"); !own && sold && cost) {
    out[*sold] = {.kind = Kind::price};
    out[*cost] = {.kind = Kind::price, .price = catalog::PriceKind::cost_price};
    done[*sold] = done[*cost] = true;
  }
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (done[i]) continue;
    if (names[i].empty()) {  // a spreadsheet's numbers of rows, a remark beside the table
      out[i].name = "column " + std::to_string(i + 1);
      continue;
    }
    // "image" that stands again: header_lines.cpp has numbered it.
    const std::size_t dot = names[i].rfind('.');
    if (const auto first = dot == std::string::npos ? std::nullopt : header.find(names[i].substr(0, dot));
        first && out[*first].kind == Kind::images && parse_int(names[i].substr(dot + 1)).value_or(0) > 1) {
      out[i].kind = Kind::more_images;
      continue;
    }
    auto text = own ? std::nullopt : localised_text(names[i]);
    out[i] = text ? *std::move(text) : own_column(names[i]);
  }
  if (!own) take_description_for_title(names, out);
  return out;
}

std::string attribute_column(std::string_view name, std::string_view locale, bool json) {
  const bool odd = name.empty() || trim(name).size() != name.size() || name.find('@') != std::string_view::npos ||
                   name.starts_with('"') || name.ends_with(kJson) ||
                   std::ranges::any_of(name, [](char c) { return static_cast<unsigned char>(c) < 0x20; });
  std::string out;
  if (odd) {
    out = kAttributes;
    json::write_string(name, out);
  } else {
    if (is_field_name(lower_ascii(name)) || name.starts_with(kAttributes) || name.starts_with(kAssociations))
      out = kAttributes;
    out += name;
  }
  if (!locale.empty()) out.append(1, '@').append(locale);
  if (json) out += kJson;
  return out;
}

std::string association_column(std::string_view kind, bool json) {
  return std::string(kAssociations).append(kind).append(json ? kJson : std::string_view());
}

std::string price_column(catalog::PriceKind kind, std::string_view currency) {
  return std::string(catalog::price_name(kind)).append(1, '.').append(currency);
}

std::string column_name(const ProductColumn& column) {
  switch (column.kind) {
    case Kind::attribute:
      return attribute_column(column.name, column.locale, column.json);
    case Kind::association:
      return association_column(column.name, column.json);
    case Kind::all_attributes:
      return "attributes:json";
    case Kind::all_texts:
      return "texts:json";
    case Kind::price:
      if (!column.currency.empty()) return price_column(column.price, column.currency);
      return std::string(catalog::price_name(column.price));
    default:
      break;
  }
  for (const FieldNames& field : names_of_fields())
    if (field.kind == column.kind)
      return std::string(field.names.front()) + (column.locale.empty() ? "" : "@" + column.locale);
  return {};
}

}  // namespace pf::exchange
