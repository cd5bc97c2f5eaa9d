// Tracking numbers that a carrier's label program hands back: a reference of the parcel or its order, and the number.
#include <array>

#include "exchange/keeper.h"
#include "orders/tracking.h"
#include "productflow/text.h"

namespace pf::exchange {
namespace {

// Folded; the first that a header has is meant.
constexpr std::array<std::string_view, 22> kNumberNames{
    "track_and_trace", "tracking number", "tracking_number", "trackingnumber", "tracking no",       "tracking no.",
    "tracking id",     "tracking_id",     "tracking",        "track & trace",  "track and trace",   "trackingnummer",
    "trackingcode",    "tracking code",   "sendungsnummer",  "paketnummer",    "paketscheinnummer", "zendingnummer",
    "barcode",         "parcel number",   "parcel_number",   "numéro de suivi"};
constexpr std::array<std::string_view, 24> kReferenceNames{"reference",
                                                           "parcel_reference",
                                                           "parcel reference",
                                                           "shipment reference",
                                                           "shipment_reference",
                                                           "customer reference",
                                                           "reference 1",
                                                           "reference number 1",
                                                           "reference number",
                                                           "sendungsreferenz",
                                                           "referenz",
                                                           "kundenreferenz",
                                                           "empfängerreferenz",
                                                           "referentie",
                                                           "kenmerk",
                                                           "référence",
                                                           "order",
                                                           "order_id",
                                                           "order id",
                                                           "order number",
                                                           "order_number",
                                                           "channel_order_id",
                                                           "bestelnummer",
                                                           "bestellnummer"};
constexpr std::array<std::string_view, 5> kParcelNames{"parcel", "parcel_identifier", "identifier", "pakket", "paket"};
constexpr std::array<std::string_view, 9> kCarrierNames{"carrier",       "method",       "shipping_method",
                                                        "shipper",       "vervoerder",   "versanddienst",
                                                        "dienstleister", "transporteur", "verzendmethode"};

template <std::size_t N>
std::optional<std::size_t> column_among(const Header& header, const std::array<std::string_view, N>& names) {
  for (const std::string_view name : names)
    if (const auto at = header.find(name)) return at;
  return std::nullopt;
}

class TrackingNumbers final : public Party {
 public:
  explicit TrackingNumbers(const Header& header)
      : number_(column_among(header, kNumberNames)),
        reference_(column_among(header, kReferenceNames)),
        parcel_(column_among(header, kParcelNames)),
        carrier_(column_among(header, kCarrierNames)) {}
  bool fits() const { return number_ && reference_; }
  std::string name() const override { return "tracking"; }
  void row(const Row& row, std::vector<ProductItem>&, std::vector<OrderItem>&) override {
    TrackingItem& item = tracking.emplace_back();
    item.line = row.line;
    const auto cell = [&](std::optional<std::size_t> column) {
      std::string_view text = row.cell(column);
      if (row.guarded && text.starts_with('\'')) text.remove_prefix(1);
      return std::string(text);
    };
    item.reference = cell(reference_);
    item.parcel = cell(parcel_);
    item.carrier = cell(carrier_);
    item.number = cell(number_);
    if (item.reference.empty())
      item.faults.push_back({row.header->names()[*reference_], "required", "is empty: no parcel is named"});
    if (item.number.empty())
      item.faults.push_back({row.header->names()[*number_], "required", "is empty: there is no tracking number"});
  }

 private:
  const std::optional<std::size_t> number_, reference_, parcel_, carrier_;
};

// Which order a reference means, and the parcel where it says so.
struct Meant {
  orders::OrderId order{};
  std::string parcel{};
};
Result<Meant> meant_by(const orders::Orders& orders, const storage::Reader& read, const TrackingItem& item) {
  if (const auto named = orders::parcel_reference_of(item.reference)) {
    const auto order = orders.find(read, named->order);
    if (order.ok()) return Meant{named->order, item.parcel.empty() ? named->parcel : item.parcel};
    if (order.error().code != ErrorCode::not_found) return order.error();
  }
  orders::OrderQuery query{.where = {{"channel_order_id", catalog::Operator::eq, {item.reference}}}, .count = 2};
  PF_LET(const auto page, orders.list(read, query));
  if (page.total == 0) return invalid("reference", "unknown", "means no order and no parcel of this shop");
  if (page.total > 1)
    return invalid("reference", "ambiguous",
                   "means orders of several channels; use the shop's own order number, such as 100123-PACK01");
  return Meant{page.orders[0].id, item.parcel};
}

}  // namespace

std::unique_ptr<Party> tracking_numbers(const Header& header) {
  auto party = std::make_unique<TrackingNumbers>(header);
  return party->fits() ? std::move(party) : nullptr;
}

Result<> Keeper::keep_tracking(std::vector<TrackingItem> items) {
  if (items.empty()) return {};
  std::vector<RowReport> rows;
  PF_TRY(write([&](storage::Write& work) -> Result<> {
    rows.clear();
    for (const TrackingItem& item : items) {
      RowReport& row = rows.emplace_back(RowReport{item.line, "refused", "", item.faults});
      if (!row.errors.empty()) continue;
      const auto refuse = [&](const Error& error) -> Result<> {
        if (error.code != ErrorCode::invalid && error.code != ErrorCode::conflict && error.code != ErrorCode::not_found)
          return error;  // the disk's fault is no row's
        row.errors = error.faults.empty() ? std::vector<FieldFault>{{"", "refused", error.message}} : error.faults;
        return {};
      };
      const auto meant = meant_by(rooms_.orders, work, item);
      if (!meant.ok()) {
        PF_TRY(refuse(meant.error()));
        continue;
      }
      const auto outcome =
          orders::track(work, rooms_.orders, options_.by, meant->order, {meant->parcel, item.carrier, item.number});
      if (!outcome.ok()) {
        PF_TRY(refuse(outcome.error()));
        continue;
      }
      row.outcome = std::string(catalog::outcome_name(*outcome));
      row.sku = std::to_string(meant->order.raw());
    }
    return {};
  }));
  for (RowReport& row : rows) PF_TRY(add_report(std::move(row)));
  return finish();
}

}  // namespace pf::exchange
