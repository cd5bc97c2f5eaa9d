#include "exchange/nested_orders.h"

#include <algorithm>
#include <span>

#include "exchange/values.h"
#include "productflow/text.h"

namespace pf::exchange {
namespace {

using Of = NestedOrders::Of;
using Paths = std::vector<formats::XmlPath>;
using Words = std::span<const std::string_view>;

constexpr std::size_t kTriedMax = 500;      // elements that are tried as an order or a line; real files have some ten
constexpr std::size_t kLeftBytesMax = 500;  // of a notice

// "ns1:Order-Number" and "@orderNumber" are "ordernumber".
std::string bare_name(std::string_view name) {
  if (name.starts_with('@')) name.remove_prefix(1);
  std::string out = lower_ascii(name.substr(name.find(':') == std::string_view::npos ? 0 : name.find(':') + 1));
  std::erase_if(out, [](char c) { return c == '_' || c == '-' || c == '.' || c == ' '; });
  return out;
}
bool is_among(Words words, std::string_view name) {
  return std::ranges::find(words, name) != words.end();
}

bool is_order_word(std::string_view name) {
  constexpr std::string_view kWords[] = {
      "orders",     "bestelling",  "bestellingen", "bestellung",  "bestellungen",    "auftrag", "auftraege",
      "commande",   "commandes",   "pedido",       "pedidos",     "ordine",          "ordini",  "zamowienie",
      "objednavka", "bestallning", "salesorders",  "orderentity", "salesorderentity"};
  // What a shop orders itself, or moves, is nothing that somebody bought from it.
  constexpr std::string_view kOthers[] = {"purchase", "supplier", "stock", "return", "work", "production", "transfer",
                                          "re",       "restock",  "b",     "pre",    "sort", "draft"};
  if (is_among(kWords, name)) return true;
  return name.ends_with("order") && !is_among(kOthers, name.substr(0, name.size() - 5));
}
// Whatever stands in these is no order that somebody placed, though it names one.
bool is_other_paper(std::string_view name) {
  constexpr std::string_view kWords[] = {
      "invoice",       "invoices",       "creditnote",  "creditnotes",     "creditmemo",   "creditmemos",
      "refund",        "refunds",        "return",      "returns",         "rma",          "shipment",
      "shipments",     "despatchadvice", "fulfillment", "fulfillments",    "fulfilment",   "checkout",
      "checkouts",     "draftorders",    "cart",        "carts",           "basket",       "baskets",
      "quote",         "quotes",         "wishlist",    "payout",          "payouts",      "settlement",
      "factuur",       "facturen",       "rechnung",    "rechnungen",      "facture",      "factures",
      "purchaseorder", "purchaseorders", "delivery",    "deliveries",      "deliverynote", "cancellation",
      "cancellations", "supplierorder",  "history",     "statushistories", "lieferschein", "gutschrift"};
  return is_among(kWords, name);
}

// Names beyond those of a table of orders: of what they are said, what they mean, and whether they go before those.
struct MoreNames {
  Of of;
  std::string_view field;
  bool first;
  std::vector<std::string_view> names;
};
const std::vector<MoreNames>& more_names() {
  static const std::vector<MoreNames> all{
      {Of::order,
       "channel_order_id",
       true,
       {"incrementid", "channelorderid", "ordernumber", "orderno", "ordernr", "orderref", "orderreference",
        "bestelnummer", "bestellnummer", "auftragsnummer", "numerocommande", "orderid"}},
      {Of::order,
       "channel_order_id",
       false,
       {"number", "nummer", "no", "nr", "numero", "code", "reference", "ref", "id"}},
      {Of::order, "total", true, {"grandtotal", "totalincltax", "totalinctax", "totalgross", "grosstotal"}},
      {Of::order,
       "total",
       false,
       {"totalprice", "totalamount", "amount", "totalpaid", "sum", "totalpaidtaxincl", "grossprice"}},
      {Of::order,
       "placed_at",
       false,
       {"createddate", "creationdate", "datecreated", "orderedat", "orderdatetime", "dateadd", "purchasedate",
        "timestamp", "orderplaced", "dateplaced", "besteldatum"}},
      {Of::order, "currency", false, {"currencyiso", "currencyisocode", "isocurrency", "pricecurrency"}},
      {Of::order,
       "shipping_cost",
       false,
       {"shippinginctax", "shippingincltax", "shippingamount", "shippingprice", "shippingcosts", "deliverycost",
        "deliverycosts", "totalshipping", "shippingfee"}},
      {Of::order, "comment", false, {"message", "customermessage", "remark", "buyernote", "customercomment"}},
      {Of::order, "status", false, {"state", "orderstate"}},
      {Of::payment,
       "payment_method",
       false,
       {"method", "methodtitle", "paymenttype", "name", "title", "type", "gateway", "provider", "code"}},
      {Of::line,
       "price",
       true,
       {"priceincltax", "priceinctax", "unitpriceincltax", "unitpriceinctax", "unitpricegross", "grossunitprice",
        "grossprice", "pricegross", "priceunit", "unitprice", "singleprice", "priceperunit", "stukprijs", "einzelpreis",
        "itemvaluegrossprice"}},
      {Of::line,
       "line_total",
       true,
       {"rowtotalincltax", "linetotalincltax", "rowtotal", "linetotal", "lineamount", "pricelineamount"}},
      {Of::line, "line_total", false, {"totalprice", "totalamount", "total", "amount", "subtotal"}},
      {Of::line,
       "sku",
       false,
       {"productnumber", "articleno", "articlenr", "articleid", "itemno", "itemnumber", "partnumber", "supplierpid",
        "vendorsku", "merchantsku", "sellersku", "shopsku", "code", "productid", "itemid", "ean", "gtin"}},
      {Of::line,
       "quantity",
       false,
       {"qtyordered", "quantityordered", "orderedquantity", "orderedqty", "count", "amountordered", "pieces",
        "numberofitems", "productquantity"}},
      {Of::line,
       "title",
       false,
       {"name", "description", "naam", "nom", "productdescription", "itemdescription", "articlename", "text"}},
      {Of::line, "channel_line_id", false, {"orderlineid", "lineitemid", "linenumber", "positionitemid", "lineno"}},
      {Of::line, "parent", true, {"parentitemid"}},
      {Of::buyer, "name", false, {"fullname", "contactname", "displayname", "personname"}},
      {Of::buyer, "street_name", false, {"street1", "streetline1", "line1", "addr1", "streetaddress"}},
      {Of::buyer, "address_2", false, {"street2", "line2", "addr2", "addresssupplement", "extra"}},
      {Of::buyer, "house_number", false, {"housenr", "houseno", "streetnumber", "number", "nummer"}},
      {Of::buyer, "house_number_addition", false, {"housenumberaddition", "housenumberext", "suffix"}},
      {Of::buyer, "zip_code", false, {"postalzone", "zippostalcode", "zipcode"}},
      {Of::buyer, "city", false, {"town", "cityname", "locality"}},
      {Of::buyer, "country_code", false, {"countryiso", "countryisocode", "iso2", "countrycoded", "landcode"}},
      {Of::buyer, "phone_number", false, {"mobile", "tel", "phone1", "mobilephone", "cellphone"}},
      {Of::buyer, "email", false, {"mail"}},
      {Of::buyer, "company_name", false, {"organisation", "organization", "businessname"}},
      {Of::shipping, "shipping_method", false, {"method", "methodtitle", "shippingtype", "service"}},
      {Of::shipping, "shipping_cost", false, {"cost", "costs", "price", "amount", "fee"}},
  };
  return all;
}
bool is_person(Of of) {
  return of == Of::buyer || of == Of::shipping || of == Of::billing || of == Of::address;
}
bool may_say(Of of, std::string_view field) {
  constexpr std::string_view kOrder[] = {"channel_order_id", "channel",         "placed_at",     "ship_by",
                                         "currency",         "total",           "shipping_cost", "paid",
                                         "payment_method",   "shipping_method", "status",        "email",
                                         "phone_number",     "comment",         "first_name",    "last_name",
                                         "street_name",      "zip_code",        "city",          "country_code",
                                         "house_number",     "company_name"};
  constexpr std::string_view kLine[] = {"sku",      "quantity", "channel_line_id", "title",    "price", "line_total",
                                        "line_tax", "shipped",  "cancelled",       "currency", "parent"};
  constexpr std::string_view kPerson[] = {
      "email",        "phone_number",          "name",      "first_name", "last_name", "company_name", "street_name",
      "house_number", "house_number_addition", "address_2", "zip_code",   "city",      "state",        "country_code"};
  if (of == Of::order) return is_among(kOrder, field);
  if (of == Of::line) return is_among(kLine, field);
  if (of == Of::payment) return field == "payment_method";
  if (of == Of::shipping && (field == "shipping_method" || field == "shipping_cost")) return true;
  return is_person(of) && is_among(kPerson, field);
}

// What an element inside `of` is about.
Of inside(Of of, std::string_view name) {
  constexpr std::string_view kShipping[] = {
      "shipping",        "shippingaddress", "deliveryaddress",     "delivery",           "shipto",
      "shiptoaddress",   "shipaddress",     "deliverto",           "recipient",          "receiver",
      "consignee",       "lieferadresse",   "lieferanschrift",     "verzendadres",       "afleveradres",
      "bezorgadres",     "livraison",       "adresselivraison",    "adressedelivraison", "addressshipping",
      "addressdelivery", "shippingdetails", "shippinginfo",        "empfaenger",         "shipment",
      "shipments",       "direccionenvio",  "indirizzospedizione", "deliveryinfo"};
  constexpr std::string_view kBilling[] = {
      "billing",   "billingaddress",   "invoiceaddress",     "billto",         "billtoaddress", "billaddress",
      "invoicing", "rechnungsadresse", "rechnungsanschrift", "factuuradres",   "facturation",   "adressefacturation",
      "payer",     "invoiceto",        "addressbilling",     "addressinvoice", "billinginfo",   "billingdetails"};
  constexpr std::string_view kBuyer[] = {
      "customer",  "buyer",        "client",       "klant",         "kunde",           "kaeufer",
      "koper",     "contact",      "besteller",    "acheteur",      "cliente",         "person",
      "purchaser", "orderedby",    "customerinfo", "customerdata",  "customerdetails", "customeraddress",
      "buyerinfo", "buyeraddress", "buyerdetails", "contactdetails"};
  constexpr std::string_view kPayment[] = {"payment", "payments", "paymentinfo", "paymentdetails", "paymentmethods",
                                           "zahlung", "betaling", "paiement",    "paymentmethod"};
  constexpr std::string_view kAddress[] = {"address", "addresses",     "adres", "adresse", "party", "parties",
                                           "name",    "postaladdress", "phone", "country", "names", "region"};
  constexpr std::string_view kHeads[] = {
      "header",  "head",        "orderheader", "orderhead", "info",  "orderinfo", "details",      "orderdetails",
      "general", "totals",      "summary",     "data",      "dates", "amounts",   "orderdata",    "prices",
      "costs",   "ordertotals", "status",      "order",     "total", "price",     "ordersummary", "ordertotal"};
  constexpr std::string_view kOfLine[] = {"product",   "item",
                                          "article",   "offer",
                                          "variant",   "price",
                                          "prices",    "pricing",
                                          "amounts",   "productid",
                                          "unitprice", "itemvaluegrossprice",
                                          "articleid", "productpricefix",
                                          "details"};
  if (of == Of::line) return is_among(kOfLine, name) ? Of::line : Of::nothing;
  if (of == Of::payment) return Of::payment;
  if (is_person(of)) {
    if (is_among(kShipping, name)) return Of::shipping;
    if (is_among(kBilling, name)) return Of::billing;
    return of == Of::shipping || is_among(kAddress, name) || is_among(kBuyer, name) ? of : Of::nothing;
  }
  if (is_among(kShipping, name)) return Of::shipping;
  if (is_among(kBilling, name)) return Of::billing;
  if (is_among(kBuyer, name)) return Of::buyer;
  if (is_among(kPayment, name)) return Of::payment;
  if (is_among(kAddress, name)) return Of::address;
  return of == Of::order && is_among(kHeads, name) ? Of::order : Of::nothing;
}

struct Leaf {
  std::size_t path = 0;
  std::string name{};  // bare
};
using Leaves = std::map<Of, std::vector<Leaf>>;

bool is_kind_of_address(std::string_view name) {
  constexpr std::string_view kWords[] = {"type", "addresstype", "kind", "role", "partyrole", "usage"};
  return is_among(kWords, name);
}

class Survey {
 public:
  Survey(const Paths& paths, NestedOrders& out) : paths_(paths), out_(out) {}

  // What stands in `path`, itself about `of`, by what it is about; not in lines, unless it is one.
  void collect(std::size_t path, Of of, Leaves& leaves) {
    const auto& children = paths_[path].children;
    if (of == Of::address)
      for (const auto& [key, child] : children)
        if (is_kind_of_address(bare_name(key))) {
          out_.addresses.insert(path);
          out_.kinds.insert(child);
        }
    for (const auto& [key, child] : children) {
      const formats::XmlPath& one = paths_[child];
      if (!one.text || out_.kinds.contains(child)) continue;
      const std::string name = bare_name(key);
      const bool of_amount = name == "amount" || name == "value";
      if (!one.attribute && one.most_in_parent > 1 && !is_person(of)) continue;
      if (of_amount && !is_person(of) && path != out_.order && path != out_.line && !paths_[path].text)
        leaves[of].push_back({child, bare_name(paths_[path].name)});
      else
        add_leaf(child, name, of, leaves);
    }
    for (const auto& [key, child] : children) {
      const formats::XmlPath& one = paths_[child];
      if (one.attribute || one.children.empty() || child == out_.line) continue;
      const std::string name = bare_name(key);
      for (const auto& [inner, at] : one.children)
        if (const std::string word = bare_name(inner);
            word == "currency" || word == "currencycode" || word == "currencyid" || word == "currencyisocode")
          if (paths_[at].text && !is_person(of)) out_.currencies.insert(at);
      const bool text_with_attributes = one.text && std::ranges::all_of(one.children, [&](const auto& inner) {
                                          return paths_[inner.second].attribute;
                                        });
      const Of next = inside(of, name);
      // What repeats in an order is a list of its own: payments, taxes, what was sent back.
      if (next == Of::nothing || (text_with_attributes && !is_person(next)) ||
          (one.most_in_parent > 1 && !is_person(next) && next != Of::payment)) {
        if (of == Of::order) collect_inner_addresses(child, leaves);
        continue;
      }
      collect(child, next, leaves);
    }
  }

  // Gives every leaf its meaning; whether one of `of` means `field`.
  void resolve(const Leaves& leaves, std::map<std::size_t, NestedOrders::Meaning>& out) const {
    for (const auto& entry : leaves) {
      const Of of = entry.first;
      const std::vector<Leaf>& list = entry.second;
      std::set<std::string, std::less<>> given;
      const auto give = [&](std::size_t path, std::string_view field) {
        if (!may_say(of, field) || given.contains(field) || out.contains(path)) return;
        given.emplace(field);
        out[path] = {of, std::string(field)};
      };
      const auto give_more = [&](bool first) {
        for (const MoreNames& more : more_names()) {
          if (more.first != first || (more.of != of && !(more.of == Of::buyer && is_person(of)))) continue;
          for (const std::string_view name : more.names)
            for (const Leaf& leaf : list)
              if (leaf.name == name) give(leaf.path, more.field);
        }
      };
      give_more(true);
      std::vector<std::string> names;
      for (const Leaf& leaf : list) names.push_back(out.contains(leaf.path) ? std::string() : leaf.name);
      const std::vector<std::string> fields = order_columns(Header(names));
      for (std::size_t i = 0; i < list.size(); ++i)
        if (!fields[i].empty() && !names[i].empty()) give(list[i].path, fields[i]);
      give_more(false);
      // The same name in another place of the order is the same, where the first is empty.
      for (const Leaf& leaf : list)
        for (const Leaf& other : list)
          if (other.name == leaf.name && out.contains(leaf.path) && !out.contains(other.path))
            out[other.path] = out[leaf.path];
    }
  }

 private:
  void add_leaf(std::size_t path, const std::string& name, Of of, Leaves& leaves) {
    // "shipping_firstname", "customerEmail".
    constexpr std::pair<std::string_view, Of> kWhose[] = {{"shippingaddress", Of::shipping},
                                                          {"deliveryaddress", Of::shipping},
                                                          {"shipping", Of::shipping},
                                                          {"delivery", Of::shipping},
                                                          {"shipto", Of::shipping},
                                                          {"recipient", Of::shipping},
                                                          {"billingaddress", Of::billing},
                                                          {"billing", Of::billing},
                                                          {"billto", Of::billing},
                                                          {"invoice", Of::billing},
                                                          {"customer", Of::buyer},
                                                          {"buyer", Of::buyer},
                                                          {"client", Of::buyer},
                                                          {"klant", Of::buyer},
                                                          {"kunden", Of::buyer}};
    if (of == Of::order || is_person(of))
      for (const auto& [whose, about] : kWhose) {
        if (!name.starts_with(whose)) continue;
        const std::string rest = name.substr(whose.size());
        if (rest.empty()) break;
        std::map<std::size_t, NestedOrders::Meaning> meant;
        resolve({{about, {{path, rest}}}}, meant);
        if (meant.empty() || meant.begin()->second.field == "shipping_cost" ||
            meant.begin()->second.field == "shipping_method")
          continue;
        leaves[is_person(of) ? of : about].push_back({path, rest});
        return;
      }
    if (of == Of::order && !paths_[path].attribute)
      if (const Of next = inside(of, name); next == Of::buyer || next == Of::shipping || next == Of::payment) {
        leaves[next].push_back({path, next == Of::payment ? "method" : next == Of::buyer ? "name" : "service"});
        return;
      }
    leaves[of].push_back({path, name});
  }
  // Of what means nothing itself: "<parties><buyer>", "<shipments><shipment><shipping-address>".
  void collect_inner_addresses(std::size_t path, Leaves& leaves) {
    if (is_other_paper(bare_name(paths_[path].name))) return;
    for (const auto& [key, child] : paths_[path].children) {
      if (paths_[child].attribute || paths_[child].children.empty() || child == out_.line) continue;
      const Of next = inside(Of::nothing, bare_name(key));
      constexpr std::string_view kSellers[] = {"seller",   "shop",   "store",     "merchant",    "vendor",
                                               "supplier", "sender", "warehouse", "manufacturer"};
      if (next == Of::shipping || next == Of::billing || next == Of::buyer) collect(child, next, leaves);
      if (next == Of::address && !is_among(kSellers, bare_name(paths_[path].name))) collect(child, next, leaves);
    }
  }
  const Paths& paths_;
  NestedOrders& out_;
};

bool means(const std::map<std::size_t, NestedOrders::Meaning>& meanings, Of of, std::string_view field) {
  return std::ranges::any_of(meanings,
                             [&](const auto& one) { return one.second.of == of && one.second.field == field; });
}
bool is_one_piece(std::string_view name) {
  constexpr std::string_view kWords[] = {"positionitem", "positionitems", "orderunit", "orderunits"};
  return is_among(kWords, name);
}

// The lines of what stands at `order`, outermost first; 0: none.
std::size_t lines_of(const Paths& paths, std::size_t order, std::size_t& tried) {
  constexpr std::string_view kParcels[] = {"parcel", "parcels", "package", "packages", "fulfillment", "fulfillments"};
  struct Found {
    std::size_t path, depth;
    bool parcel;
  };
  std::optional<Found> best;
  for (std::size_t at = order + 1; at < paths.size() && tried < kTriedMax; ++at) {
    if (paths[at].attribute || paths[at].children.size() < 2) continue;
    bool within = false, other = false, parcel = false;
    std::size_t depth = 0;
    for (std::size_t up = at; up != 0 && !within; up = paths[up].parent, ++depth) {
      if (up == order) within = true;
      const std::string name = within ? std::string() : bare_name(paths[up].name);
      other = other || is_other_paper(name);
      parcel = parcel || is_among(kParcels, name);
    }
    if (!within || other || (best && (best->parcel < parcel || (best->parcel == parcel && best->depth <= depth))))
      continue;
    ++tried;
    NestedOrders one;
    one.line = at;
    Leaves leaves;
    Survey survey(paths, one);
    survey.collect(at, Of::line, leaves);
    survey.resolve(leaves, one.meanings);
    if (means(one.meanings, Of::line, "sku") &&
        (means(one.meanings, Of::line, "quantity") || is_one_piece(bare_name(paths[at].name))))
      best = Found{at, depth, parcel};
  }
  return best ? best->path : 0;
}

// Whether what is not called an order has an order's number for its own: a parcel or a refund has one besides.
bool numbers_itself(const Paths& paths, std::size_t at) {
  constexpr std::string_view kSurely[] = {"incrementid",    "channelorderid", "ordernumber",  "orderno",
                                          "ordernr",        "orderid",        "bestelnummer", "bestellnummer",
                                          "auftragsnummer", "salesorderid"};
  constexpr std::string_view kOfOthers[] = {"id",         "trackingnumber", "trackingnumbers", "trackingcompany",
                                            "shipmentid", "refundid",       "returnid",        "invoiceid",
                                            "parcelid",   "invoicenumber",  "returnnumber",    "shipmentnumber"};
  const auto has = [&](Words words) {
    return std::ranges::any_of(paths[at].children, [&](const auto& child) {
      return paths[child.second].text && is_among(words, bare_name(child.first));
    });
  };
  return has(kSurely) && !has(kOfOthers);
}

}  // namespace

std::optional<NestedOrders> nested_orders(const Paths& paths) {
  std::optional<NestedOrders> outer, inner;
  std::size_t tried = 0;
  for (std::size_t at = 1; at < paths.size() && tried < kTriedMax; ++at) {
    if (paths[at].attribute || paths[at].children.empty()) continue;
    if (outer) {  // another may be the order where this one is around it and its lines
      bool around = false;
      for (std::size_t up = paths[outer->line].parent; up != 0; up = paths[up].parent) around = around || up == at;
      if (!around || outer->order == at) continue;
    }
    const bool word = is_order_word(bare_name(paths[at].name));
    if (!word && !numbers_itself(paths, at)) continue;
    bool other = false;
    for (std::size_t up = at; up != 0; up = paths[up].parent)
      other = other || is_other_paper(bare_name(paths[up].name));
    if (other) continue;
    const std::size_t line = lines_of(paths, at, tried);
    if (line == 0) continue;
    // Magento numbers whatever belongs to an order in this way; only of an order it says what was ordered.
    const auto has = [&](std::size_t path, std::string_view name) {
      return std::ranges::any_of(paths[path].children,
                                 [&](const auto& child) { return bare_name(child.first) == name; });
    };
    if (!word && has(at, "incrementid") && !has(line, "qtyordered")) continue;
    NestedOrders one;
    one.order = at;
    one.line = line;
    one.by_piece = is_one_piece(bare_name(paths[line].name));
    Leaves leaves;
    Survey survey(paths, one);
    survey.collect(at, Of::order, leaves);
    survey.collect(line, Of::line, leaves);
    survey.resolve(leaves, one.meanings);
    if (!means(one.meanings, Of::order, "channel_order_id")) continue;
    for (const Of of : {Of::order, Of::line})
      for (const Leaf& leaf : leaves[of]) {
        const std::string_view name = paths[leaf.path].name;
        if (one.meanings.contains(leaf.path) || name.find(':') != std::string_view::npos) continue;
        if (one.currencies.contains(leaf.path) || one.left.size() + name.size() > kLeftBytesMax) continue;
        one.left.append(one.left.empty() ? "" : ", ").append(name.substr(name.starts_with('@') ? 1 : 0));
      }
    const bool repeats = paths[at].most_in_parent > 1;
    if (!outer)
      outer = std::move(one);
    else
      inner = std::move(one);
    if (repeats) break;
  }
  return inner ? inner : outer;
}

namespace {

struct Said {
  using Fields = std::map<std::string, std::string, std::less<>>;
  std::map<Of, Fields> of{};
  std::vector<Fields> lines{};
  std::string currency{};
};
std::string_view said_in(const Said::Fields& fields, std::string_view field) {
  const auto found = fields.find(field);
  return found == fields.end() ? std::string_view() : std::string_view(found->second);
}

// Whose an address is, by what it says of its kind.
Of whose(const NestedOrders& orders, const formats::XmlElement& address) {
  for (const formats::XmlElement& child : address.children) {
    if (!orders.kinds.contains(child.path)) continue;
    const std::string kind = lower_ascii(child.text);
    const auto has = [&](std::string_view word) { return kind.find(word) != std::string::npos; };
    for (const std::string_view word : {"supplier", "seller", "vendor", "merchant"})
      if (has(word)) return Of::nothing;
    for (const std::string_view word : {"bill", "invoice", "rechnung", "factu"})
      if (has(word)) return Of::billing;
    for (const std::string_view word : {"ship", "deliver", "liefer", "verzend", "livr", "lever"})
      if (has(word)) return Of::shipping;
  }
  return Of::buyer;
}

void hear(const NestedOrders& orders, const Paths& paths, const formats::XmlElement& element, Of role, Said& said) {
  for (const formats::XmlElement& child : element.children) {
    const std::string_view text = trim(child.text);
    if (child.path == orders.line) said.lines.emplace_back();
    if (orders.currencies.contains(child.path) && said.currency.empty()) said.currency = text;
    if (const auto meaning = orders.meanings.find(child.path); meaning != orders.meanings.end() && !text.empty()) {
      const Of of = meaning->second.of == Of::address ? role : meaning->second.of;
      // A line outside of any order's line is none; the reading of the order's own goes on.
      if (of == Of::line ? !said.lines.empty() : of != Of::nothing) {
        std::string& field = (of == Of::line ? said.lines.back() : said.of[of])[meaning->second.field];
        if (field.empty())
          field = text;
        else if (is_person(of) && paths[child.path].most_in_parent > 1)
          field.append(" ").append(text);  // a street in two lines
      }
    }
    hear(orders, paths, child, orders.addresses.contains(child.path) ? whose(orders, child) : role, said);
  }
}

std::optional<Money> amount_said(std::string_view text, Currency currency, const char* field,
                                 std::vector<FieldFault>& faults) {
  if (text.empty()) return std::nullopt;
  if (const auto amount = amount_of(text))
    if (const auto money = rounded_money(amount->decimal, currency)) return money;
  return money_of(text, currency, field, faults);
}

void put_said_address(vault::Buyer& buyer, vault::Field field, const Said::Fields& said) {
  const std::string_view name = said_in(said, "name"), first = said_in(said, "first_name"),
                         last = said_in(said, "last_name"), country = said_in(said, "country_code");
  const std::string code = country_of(country);
  put_address(buyer, field,
              {{"first_name", first.empty() && last.empty() ? name : first},
               {"last_name", last},
               {"company_name", said_in(said, "company_name")},
               {"street_name", said_in(said, "street_name")},
               {"house_number", said_in(said, "house_number")},
               {"house_number_addition", said_in(said, "house_number_addition")},
               {"address_2", said_in(said, "address_2")},
               {"zip_code", said_in(said, "zip_code")},
               {"city", said_in(said, "city")},
               {"state", said_in(said, "state")},
               {"country_code", code.empty() ? country : code}});
}

void put_buyer(Said& said, orders::PlaceOrder& order) {
  constexpr std::string_view kNames[] = {"name", "first_name", "last_name", "company_name"};
  constexpr std::string_view kPlace[] = {
      "street_name", "house_number", "house_number_addition", "address_2", "zip_code", "city", "state", "country_code"};
  const auto has = [&](Of of, Words fields) {
    return std::ranges::any_of(fields, [&](std::string_view one) { return !said_in(said.of[of], one).empty(); });
  };
  const auto lend = [&](Of from, Of to, Words fields) {
    if (!has(to, fields))
      for (const std::string_view one : fields)
        if (const auto found = said.of[from].find(one); found != said.of[from].end()) said.of[to].insert(*found);
  };
  lend(Of::order, Of::buyer, kNames);
  lend(Of::order, Of::buyer, kPlace);
  // Who has no address of delivery gets it where he lives, or where the bill goes.
  for (const Of from : {Of::buyer, Of::billing}) {
    lend(from, Of::shipping, kPlace);
    lend(from, Of::shipping, kNames);
  }
  put_said_address(order.buyer, vault::Field::shipping, said.of[Of::shipping]);
  put_said_address(order.buyer, vault::Field::billing, said.of[Of::billing]);
  for (const auto& [field, name] :
       {std::pair(vault::Field::email, "email"), std::pair(vault::Field::phone, "phone_number")})
    for (const Of from : {Of::order, Of::buyer, Of::shipping, Of::billing})
      if (const std::string_view text = said_in(said.of[from], name); !text.empty()) {
        put_field(order.buyer, field, text);
        break;
      }
  put_field(order.buyer, vault::Field::message, said_in(said.of[Of::order], "comment"));
  order.country_code = country_of(said_in(said.of[Of::shipping], "country_code"));
}

void put_status(std::string_view said, orders::PlaceOrder& order) {
  constexpr std::string_view kCancelled[] = {"cancelled",   "canceled", "refused", "rejected", "storniert",
                                             "geannuleerd", "annulée",  "annulee", "cancel",   "voided"};
  constexpr std::string_view kShipped[] = {"shipped",    "complete", "completed", "closed",    "received", "delivered",
                                           "dispatched", "sent",     "verzonden", "versendet", "versandt", "fulfilled"};
  constexpr std::string_view kUnpaid[] = {"pendingpayment", "awaitingpayment",     "unpaid",
                                          "waitingpayment", "waitingdebitpayment", "paymentpending"};
  const std::string status = bare_name(said);
  if (is_among(kCancelled, status)) order.channel_status = "cancelled";
  if (is_among(kShipped, status)) order.channel_status = "shipped";
  if (is_among(kUnpaid, status)) order.paid = false;
}

void put_line(const NestedOrders& orders, const Said& said, const Said::Fields& one, Currency currency,
              OrderItem& item) {
  const std::string_view sku = said_in(one, "sku"), parent = said_in(one, "parent");
  // Magento tells what was chosen of a product beside the product, under the same SKU.
  if (!parent.empty() && parent != "0" &&
      std::ranges::count_if(said.lines, [&](const Said::Fields& other) { return said_in(other, "sku") == sku; }) > 1)
    return;
  orders::PlaceLine line{.channel_line_id = std::string(said_in(one, "channel_line_id")),
                         .sku = std::string(sku),
                         .title = std::string(said_in(one, "title"))};
  const std::string_view quantity = said_in(one, "quantity");
  if (orders.by_piece && quantity.empty()) {
    line.quantity = 1;
  } else {
    const auto pieces = whole_pieces(quantity);  // "2.0000"
    line.quantity = pieces ? *pieces : pieces_of(quantity, "lines.quantity", item.faults).value_or(0);
  }
  line.price = amount_said(said_in(one, "price"), currency, "lines.price", item.faults);
  if (!line.price && line.quantity > 0) {
    const auto total = amount_said(said_in(one, "line_total"), currency, "lines.line_total", item.faults),
               tax = amount_said(said_in(one, "line_tax"), currency, "lines.line_tax", item.faults);
    if (total) line.price = per_piece(with_tax(*total, tax), line.quantity);
  }
  for (const auto& [field, pieces] : {std::pair("shipped", &line.shipped), std::pair("cancelled", &line.cancelled)})
    if (const auto told = whole_pieces(said_in(one, field)); told) *pieces = *told;
  item.order.lines.push_back(std::move(line));
}

}  // namespace

OrderItem nested_order(const NestedOrders& orders, const Paths& paths, const formats::XmlElement& record) {
  Said said;
  hear(orders, paths, record, Of::buyer, said);
  OrderItem item;
  orders::PlaceOrder& order = item.order;
  const Said::Fields& of_order = said.of[Of::order];
  const auto word = [&](std::string_view field) { return said_in(of_order, field); };
  order.channel = word("channel").empty() ? "manual" : lower_ascii(word("channel"));
  order.channel_order_id = word("channel_order_id");
  if (order.channel_order_id.empty())
    item.faults.push_back({"channel_order_id", "required", "is empty: the order cannot be told from others"});
  std::string currency(word("currency").empty() ? std::string_view(said.currency) : word("currency"));
  if (currency.empty() && !word("total").empty())
    if (const auto amount = amount_of(word("total"))) currency = amount->currency;
  std::ranges::transform(currency, currency.begin(), [](char c) { return c >= 'a' && c <= 'z' ? char(c - 32) : c; });
  order.currency = currency_of(currency, "currency", item.faults);
  const Currency in = order.currency.value_or(Currency{});
  order.placed_at = time_of(word("placed_at"), "placed_at", item.faults);
  order.ship_by = time_of(word("ship_by"), "ship_by", item.faults);
  order.total = amount_said(word("total"), in, "total", item.faults);
  const std::string_view inner_cost = said_in(said.of[Of::shipping], "shipping_cost"),
                         method = said_in(said.of[Of::shipping], "shipping_method");
  // "<shipping>4.95</shipping>" is what it costs, and "<shipping>Express</shipping>" how it goes.
  const bool cost = word("shipping_cost").empty() && inner_cost.empty() && amount_of(method).has_value();
  order.shipping_cost = amount_said(!word("shipping_cost").empty() ? word("shipping_cost")
                                    : cost                         ? method
                                                                   : inner_cost,
                                    in, "shipping_cost", item.faults);
  order.shipping_method = word("shipping_method").empty() && !cost ? method : word("shipping_method");
  order.payment_method =
      word("payment_method").empty() ? said_in(said.of[Of::payment], "payment_method") : word("payment_method");
  order.paid = yes_or_no(word("paid")).value_or(true);
  put_status(word("status"), order);
  for (const Said::Fields& one : said.lines) put_line(orders, said, one, in, item);
  put_buyer(said, order);
  return item;
}

}  // namespace pf::exchange
