// Tables of orders that no party of its own knows: ours, and whatever has a column for the order, the SKU and the
// pieces. Our own names, which our export writes and a mapping may give: those of kOrderNames, first in each row.
#include <algorithm>
#include <array>

#include "exchange/gathering.h"
#include "productflow/text.h"

namespace pf::exchange {
namespace {

enum Cell : std::size_t {
  kOrder,
  kSku,
  kQuantity,
  kChannel,
  kPlacedAt,
  kShipBy,
  kCurrency,
  kTotal,
  kShippingCost,
  kPaid,
  kPaymentMethod,
  kShippingMethod,
  kStatus,
  kLineId,
  kTitle,
  kPrice,
  kShipped,
  kCancelled,
  kEmail,
  kPhone,
  kComment,
  kName,
  kFirstName,
  kLastName,
  kCompany,
  kStreet,
  kHouseNumber,
  kAddition,
  kAddress2,
  kZip,
  kCity,
  kState,
  kCountry,
  kCells
};

// Folded; the first that a header has is meant.
const std::array<std::vector<std::string_view>, kCells>& order_names() {
  static const std::array<std::vector<std::string_view>, kCells> all{{
      {"channel_order_id", "order_id", "order id", "orderid", "order number", "order_number", "order-number",
       "ordernumber", "order no", "order no.", "order reference", "bestelnummer", "ordernummer", "bestellnummer",
       "auftragsnummer", "numéro de commande", "número de pedido", "numero ordine"},
      {"sku", "item sku", "item_sku", "seller sku", "seller-sku", "product sku", "product code", "item code",
       "article number", "artikelnummer", "artikelcode", "artikelnr", "art-nr", "référence"},
      {"quantity", "qty", "quantity ordered", "quantity_ordered", "quantity purchased", "aantal", "menge", "anzahl",
       "quantité", "cantidad", "quantità"},
      {"channel", "marketplace", "sales channel", "kanaal", "kanal"},
      {"placed_at", "order date", "order_date", "orderdate", "date", "created_at", "created at", "purchase date",
       "purchase-date", "besteldatum", "datum", "bestelldatum", "date de commande", "fecha", "data ordine"},
      {"ship_by", "ship by", "latest ship date", "required date", "requireddate", "verzenden voor"},
      {"currency", "currency_code", "currency code", "valuta", "währung", "devise"},
      {"total", "order total", "order_total", "totaal", "gesamtbetrag"},
      {"shipping_cost", "shipping", "shipping cost", "freight", "verzendkosten", "versandkosten", "frais de port"},
      {"paid", "is paid", "betaald", "bezahlt"},
      {"payment_method", "payment method", "betaalmethode", "zahlungsart"},
      {"shipping_method", "shipping method", "verzendmethode", "versandart"},
      {"status", "order status", "order_status"},
      {"channel_line_id", "line id", "line_id", "order item id", "order-item-id"},
      {"title", "product name", "product_name", "product", "item name", "item", "name of product", "omschrijving",
       "productnaam", "bezeichnung", "artikel"},
      {"price", "unit price", "unit_price", "unitprice", "item price", "item_price", "item-price", "prijs", "stukprijs",
       "preis", "einzelpreis", "prix unitaire", "precio"},
      {"shipped"},
      {"cancelled"},
      {"email", "e-mail", "customer email", "buyer email", "email address", "e-mailadres"},
      {"phone_number", "phone", "telephone", "telefoon", "telefon", "téléphone"},
      {"comment", "customer note", "note", "notes", "remarks", "opmerking", "bemerkung"},
      {"name", "customer name", "customer", "ship name", "shipname", "recipient", "naam", "klant", "kunde", "nom"},
      {"first_name", "first name", "firstname", "voornaam", "vorname", "prénom"},
      {"last_name", "last name", "lastname", "surname", "achternaam", "nachname"},
      {"company_name", "company", "bedrijf", "firma", "société"},
      {"street_name", "street", "address", "address 1", "address1", "ship address", "shipaddress", "straat", "adres",
       "straße", "strasse", "adresse"},
      {"house_number", "house number", "huisnummer", "hausnummer"},
      {"house_number_addition", "addition", "toevoeging"},
      {"address_2", "address 2", "address2"},
      {"zip_code", "zip", "zip code", "postal code", "postalcode", "postcode", "ship postal code", "shippostalcode",
       "plz", "code postal"},
      {"city", "ship city", "shipcity", "plaats", "stad", "ort", "stadt", "ville"},
      {"state", "region", "province", "ship region", "shipregion"},
      {"country_code", "country", "ship country", "shipcountry", "land", "pays"},
  }};
  return all;
}

class PlainOrders final : public Gathering {
 public:
  explicit PlainOrders(const Header& header) {
    for (std::size_t i = 0; i < kCells; ++i)
      for (const std::string_view name : order_names()[i])
        if (!at_[i]) at_[i] = header.find(name);
  }
  bool fits() const { return at_[kOrder] && at_[kSku] && at_[kQuantity]; }
  std::string name() const override { return "orders"; }

 protected:
  std::string_view key_of(const Row& row) const override { return row.cell(at_[kOrder]); }
  const char* key_column() const override { return "channel_order_id"; }

  void first(const Row& row, OrderItem& item) override {
    orders::PlaceOrder& order = item.order;
    const auto cell = [&](Cell which) { return row.cell(at_[which]); };
    order.channel = cell(kChannel).empty() ? "manual" : lower_ascii(cell(kChannel));
    order.currency = currency_of(cell(kCurrency), "currency", item.faults);
    const Currency currency = order.currency.value_or(Currency{});
    order.placed_at = time_of(cell(kPlacedAt), "placed_at", item.faults);
    order.ship_by = time_of(cell(kShipBy), "ship_by", item.faults);
    order.total = money_of(cell(kTotal), currency, "total", item.faults);
    order.shipping_cost = money_of(cell(kShippingCost), currency, "shipping_cost", item.faults);
    order.paid = yes_or_no(cell(kPaid)).value_or(true);
    order.payment_method = cell(kPaymentMethod);
    order.shipping_method = cell(kShippingMethod);
    const std::string status = lower_ascii(cell(kStatus));
    if (status == "cancelled" || status == "canceled") order.channel_status = "cancelled";
    if (status == "shipped" && !at_[kShipped]) order.channel_status = "shipped";
    order.country_code = country_of(cell(kCountry));
    put_address(order.buyer, vault::Field::shipping,
                {{"first_name", cell(kFirstName).empty() && cell(kLastName).empty() ? cell(kName) : cell(kFirstName)},
                 {"last_name", cell(kLastName)},
                 {"company_name", cell(kCompany)},
                 {"street_name", cell(kStreet)},
                 {"house_number", cell(kHouseNumber)},
                 {"house_number_addition", cell(kAddition)},
                 {"address_2", cell(kAddress2)},
                 {"zip_code", cell(kZip)},
                 {"city", cell(kCity)},
                 {"state", cell(kState)},
                 {"country_code", cell(kCountry)}});
    put_field(order.buyer, vault::Field::email, cell(kEmail));
    put_field(order.buyer, vault::Field::phone, cell(kPhone));
    put_field(order.buyer, vault::Field::message, cell(kComment));
  }
  void line(const Row& row, OrderItem& item) override {
    const auto cell = [&](Cell which) { return row.cell(at_[which]); };
    const Currency currency = item.order.currency.value_or(Currency{});
    orders::PlaceLine line{.channel_line_id = std::string(cell(kLineId)),
                           .sku = std::string(cell(kSku)),
                           .title = std::string(cell(kTitle))};
    line.quantity = pieces_of(cell(kQuantity), "quantity", item.faults).value_or(0);
    line.price = money_of(cell(kPrice), currency, "price", item.faults);
    if (!cell(kShipped).empty()) line.shipped = pieces_of(cell(kShipped), "shipped", item.faults).value_or(0);
    if (!cell(kCancelled).empty()) line.cancelled = pieces_of(cell(kCancelled), "cancelled", item.faults).value_or(0);
    item.order.lines.push_back(std::move(line));
  }

 private:
  std::array<std::optional<std::size_t>, kCells> at_{};
};

}  // namespace

std::vector<std::string> order_columns(const Header& header) {
  std::vector<std::string> out(header.names().size());
  for (const auto& names : order_names())
    for (const std::string_view name : names)
      if (const auto at = header.find(name)) {
        out[*at] = names.front();
        break;
      }
  return out;
}

std::unique_ptr<Party> plain_orders(const Header& header) {
  auto party = std::make_unique<PlainOrders>(header);
  return party->fits() ? std::move(party) : nullptr;
}

}  // namespace pf::exchange
