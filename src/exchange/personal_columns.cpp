#include "exchange/personal_columns.h"

#include <algorithm>
#include <string>
#include <vector>

#include "productflow/text.h"

namespace pf::exchange {
namespace {

// "E-mail of the buyer", "Nom du client" and "customer_email2" as letters in a row.
std::string in_letters(std::string_view name) {
  constexpr std::string_view kBetween[] = {"of",  "the",   "van", "de", "du",  "des",
                                           "del", "della", "la",  "le", "des", "der"};
  std::string folded = lower_ascii(name), out;
  for (char& c : folded)
    if (c == '_' || c == '-' || c == '.' || c == '/' || c == ':' || (c >= '0' && c <= '9')) c = ' ';
  for (const std::string_view word : split(folded, ' '))
    if (std::ranges::find(kBetween, word) == std::end(kBetween)) out += word;
  return out;
}

// By itself such a name is of nobody else.
constexpr std::string_view kAlone[] = {"klant",
                                       "kunde",
                                       "käufer",
                                       "buyer",
                                       "acheteur",
                                       "debiteur",
                                       "debitor",
                                       "besteller",
                                       "comprador",
                                       "endkunde",
                                       "endklant",
                                       "soldto",
                                       "shipto",
                                       "billto",
                                       "gereserveerdvoor",
                                       "reservedfor",
                                       "reserviertfür",
                                       "lieferanschrift",
                                       "rechnungsanschrift",
                                       "leveradres",
                                       "verzendadres",
                                       "factuuradres",
                                       "bezorgadres",
                                       "afleveradres",
                                       "lieferadresse",
                                       "rechnungsadresse",
                                       "shippingaddress",
                                       "billingaddress",
                                       "deliveryaddress",
                                       "imięinazwisko",
                                       "iban",
                                       "tenaamstelling",
                                       "kontoinhaber",
                                       "accountholder",
                                       "geboortedatum",
                                       "geburtsdatum",
                                       "dateofbirth",
                                       "datebirth",
                                       "datenaissance",
                                       "birthday",
                                       "cognome",
                                       "apellidos",
                                       "nazwisko",
                                       "imię",
                                       "klient",
                                       "kupujący",
                                       "acquirente",
                                       "nominativo",
                                       "bsn"};
// Such a name may be of a thing too: copper, a receiver, or whose stock it is. It is told to be somebody who bought by
// a second column about him, and is left out of a product by itself.
constexpr std::string_view kWithAnother[] = {"koper",        "ontvanger", "empfänger", "recipient",
                                             "destinataire", "owner",     "eigenaar",  "eigentümer",
                                             "client",       "cliente",   "customer",  "domicilio"};
// Words for the one whose it is stand in front ("Klantnaam") or behind ("E-mail koper"). A manufacturer's address must
// stand beside products, so it is none of these.
constexpr std::string_view kWhoseWords[] = {"customer",       "buyer",
                                            "shipping",       "billing",
                                            "shipto",         "billto",
                                            "recipient",      "delivery",
                                            "receiver",       "addressshipping",
                                            "addressbilling", "reviewer",
                                            "klant",          "klanten",
                                            "kunde",          "kunden",
                                            "acheteur",       "koper",
                                            "käufer",         "kaeufer",
                                            "empfänger",      "empfaenger",
                                            "ontvanger",      "besteller",
                                            "debiteur",       "debitor",
                                            "client",         "cliente",
                                            "acquirente",     "comprador",
                                            "destinataire",   "consignee",
                                            "afleveradres",   "bezorgadres",
                                            "verzendadres",   "factuuradres",
                                            "lieferadresse",  "rechnungsadresse",
                                            "afnemer",        "ship",
                                            "bill",           "endkunde",
                                            "endkunden",      "subscriber",
                                            "owner",          "eigenaar",
                                            "abonnee"};
constexpr std::string_view kWhat[] = {
    "email",       "phone",      "firstname", "username",   "lastname",   "surname",    "fullname",    "name",
    "street",      "streetname", "address",   "zip",        "zipcode",    "city",       "postcode",    "postalcode",
    "housenumber", "naam",       "nachname",  "vorname",    "nom",        "prénom",     "adres",       "adresse",
    "straße",      "strasse",    "plz",       "ort",        "plaats",     "telefoon",   "telefon",     "emailadresse",
    "emailadres",  "telephone",  "téléphone", "nombre",     "voornaam",   "achternaam", "nome",        "mail",
    "indirizzo",   "dirección",  "ville",     "città",      "ciudad",     "anschrift",  "phonenumber", "telefoonnummer",
    "straat",      "woonplaats", "wohnort",   "nomcomplet", "nometprénom"};

// So short that other words end or begin with it: "transport", "Kopersoort", "capacity".
bool is_short(std::string_view what) {
  return what == "ort" || what == "nom" || what == "zip" || what == "plz" || what == "city";
}
// What stands before a short word, as in "shipping address city".
bool ends_with_address(std::string_view text) {
  for (const std::string_view word : {"address", "adres", "adresse", "anschrift"})
    if (text.ends_with(word)) return true;
  return text.empty();
}

}  // namespace

PersonalColumn personal_column(std::string_view written) {
  const std::string name = in_letters(written);
  PersonalColumn out;
  if (name == "shippingname" || name == "deliveryname") return out;  // of a way to ship
  if (name.starts_with("shipfrom")) return out;                      // where the goods lie
  if (std::ranges::find(kAlone, name) != std::end(kAlone)) return {true, true, true, false};
  if (std::ranges::find(kWithAnother, name) != std::end(kWithAnother)) return {true, true, true, true};
  for (const std::string_view whose : kWhoseWords) {
    if (name.size() <= whose.size()) continue;
    const bool front = name.starts_with(whose);
    if (!front && !name.ends_with(whose)) continue;
    const std::string_view rest = front ? std::string_view(name).substr(whose.size())
                                        : std::string_view(name).substr(0, name.size() - whose.size());
    // "Klantnaam", but not "shipping class name".
    out.surely = out.surely || std::ranges::find(kWhat, rest) != std::end(kWhat);
    out.about = out.about || std::ranges::any_of(kWhat, [&](std::string_view what) {
                  if (!is_short(what)) return front ? rest.ends_with(what) : rest.starts_with(what);
                  return rest == what || (front && rest.ends_with(what) &&
                                          ends_with_address(rest.substr(0, rest.size() - what.size())));
                });
  }
  for (const std::string_view word : {"name", "naam", "nom", "mail", "phone", "tele"})
    out.himself = out.himself || (out.about && name.find(word) != std::string::npos);
  out.surely = out.surely && out.himself;
  return out;
}

}  // namespace pf::exchange
