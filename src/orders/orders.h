// Orders from arrival to parcel. Line counters are the truth, the status is derived from them; events are appended,
// never changed. Functions that change something begin their own unit of work unless they take one. Any thread.
#pragma once

#include <functional>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "access/actor.h"
#include "audit/audit.h"
#include "catalog/product.h"
#include "events/events.h"
#include "orders/order.h"
#include "orders/order_list.h"
#include "orders/order_ruling.h"
#include "search/index.h"
#include "search/rebuild.h"
#include "stock/stock.h"

namespace pf::orders {

inline constexpr std::size_t kLinesMax = 1'000;  // of one order
inline constexpr std::int64_t kPiecesOfLineMax = 1'000'000;
inline constexpr std::size_t kTextBytesMax = 500;  // of a title, an identifier, a method
inline constexpr std::size_t kNoteBytesMax = 10'000;
inline constexpr std::size_t kHoldsMax = 10;     // of one order at a time
inline constexpr std::size_t kTagsMax = 20;      // of one order: a row of the list still shows what matters
inline constexpr std::size_t kTagBytesMax = 40;  // of one tag: a word or two
// Of one order. Above, notes, tags and holds are refused, so that its page stays quick; work on it goes on.
inline constexpr std::uint32_t kEventsMax = 5'000;
inline constexpr std::int64_t kEditMinorMax = 100'000'000'000;  // of one amount; sums stay far from 63 bits
inline constexpr std::uint32_t kEventsRemembered = 200;  // within these a request sent again is known, a scan undone
inline constexpr std::size_t kMarkedLooked = 1'000;      // at once: 20 ms
inline constexpr std::size_t kTogetherLooked = 1'000;    // of open orders: 50 ms of opening addresses
inline constexpr std::size_t kTogetherMax = 20;          // orders in one parcel
inline constexpr std::chrono::hours kDuplicateWithin{24};
inline constexpr std::size_t kTagsCounted = 100;  // of the list's facet

// A product that a kit's line is made of, as it was when the line was first allocated.
struct LinePart {
  std::string sku{};
  std::int64_t quantity = 1;  // pieces of one kit
  // Pieces: taken from the shelf, looked for in vain, and packed of a kit that is not whole yet (`laid`). Of so many
  // kits each: laid + packed * quantity <= picked, picked + missing + later * quantity <= allocated * quantity.
  std::int64_t picked = 0, missing = 0, laid = 0;
  std::vector<stock::Share> elsewhere{}, left_elsewhere{};  // as a line's
};
// Of a kit, its counters are in kits: whole ones are promised, and one is picked when each part of it is, missing when
// any is.
struct Line {
  std::string channel_line_id, sku, title;
  std::optional<Money> price{};
  LineCounters count;
  std::string channel_sku{};        // what the channel calls it, when it was linked to a product of another number
  std::int64_t refunded_minor = 0;  // of this line, in the order's currency
  // line_places.h: where its pieces are promised, and left from, other than the default location.
  std::vector<stock::Share> elsewhere{}, left_elsewhere{};
  std::vector<LinePart> parts{};  // none: no kit
  std::string category{};         // the first of its product's when it was ordered; empty: none
};
struct Parcel {
  std::string identifier, method, track_and_trace;
  Time at{};
  std::vector<std::pair<std::size_t, std::int64_t>> lines{};
  std::int64_t weight_grams = 0, length_mm = 0, width_mm = 0, height_mm = 0;  // zero: not known
  std::vector<OrderId> together{};  // the other orders whose pieces lie in the same parcel
};                                  // lines: line number, pieces
// What went back so far, in the order's currency; `total` holds what of lines did too.
struct RefundSums {
  std::uint32_t count = 0;
  std::int64_t shipping_minor = 0, tax_minor = 0, other_minor = 0, total_minor = 0;
};
struct Order {
  OrderId id{};
  std::uint32_t document = 0;  // in the index
  std::string channel, channel_order_id, country_code, payment_method, shipping_method, cancel_reason;
  Currency currency{};
  Time placed_at{}, created_at{}, updated_at{};
  std::optional<Time> ship_by{};
  std::optional<Money> shipping_cost{}, total{}, tax{};
  std::optional<Money> paid_total{};  // what was paid, once the total was edited since
  RefundSums refunded{};
  bool paid = true, accepted = false;
  bool by_marketplace = false;  // as PlaceOrder
  std::uint32_t events = 0;
  vault::PersonRef person{};
  std::vector<Line> lines{};
  std::vector<Parcel> parcels{};
  std::vector<Parcel> packing{};    // open ones, `at` since when; what lies in them is `packed` of the lines
  bool picking = false;             // somebody picks: only what is picked may be packed
  std::vector<Hold> holds{};        // those in force, oldest first
  std::vector<std::string> tags{};  // sorted
  std::vector<Mark> marks{};        // dismissed ones too
  std::optional<stock::LocationId> location{};  // where its pieces shall come from, if that was chosen
  std::uint64_t replaces = 0;                   // the return that this order replaces the pieces of
  vault::Subject subject() const { return {channel, channel_order_id}; }
};
OrderStatus status_of(const Order& order);
// Whether our stock has to do with this line.
bool from_stock(const Order& order, const Line& line);
Stage stage_of(const Order& order);
// Where the pieces that a line, or a part of it, was promised lie; of a kit, only its parts' pieces lie anywhere.
std::vector<stock::Share> promised_at(const Line& line);
std::vector<stock::Share> promised_at(const Line& line, const LinePart& part);
// The counters of a part in pieces, as a line of it alone would have them.
LineCounters counters_of(const Line& line, const LinePart& part);
// What is still to be taken of a part: for kits that lack no other part.
std::int64_t to_pick_of(const Line& line, const LinePart& part);
// An identifier that no parcel of the order has: PACK01, ...
std::string next_parcel(const Order& order);
// Whether it may be picked and shipped here: not by a marketplace, and no hold; else a conflict that names each hold.
Result<> may_leave(const Order& order);
// A tag as it is kept; invalid with what is wrong with it.
Result<std::string> tag_of(std::string_view written);
// What the buyer has paid: all there was to pay then, or nothing; absent when the channel has sent no amounts.
std::optional<Money> paid_amount(const Order& order);

struct Event {
  std::uint32_t number = 0;
  Time at{};
  std::string by, kind;
  json::Value details{};
};  // placed, accepted, shipped, cancelled, noted, held, released, tagged, untagged, line_linked, picked, short,
    // packed, undone, edited, located, later, lost, dismissed, replaced ...
struct Placed {
  OrderId id{};
  catalog::Outcome outcome = catalog::Outcome::created;
  Order order{};  // as it is now
  // Pieces that the channel cancelled and that were picked, packed or looked for here already: they are left to people.
  std::int64_t cancel_by_hand = 0;
};
struct Shipment {
  std::string identifier, method, track_and_trace;
  std::vector<std::pair<std::size_t, std::int64_t>> lines{};
  std::string location{};  // the code of the stock location that it leaves from; empty: wherever its pieces are
};  // no lines: the open parcel of that identifier, else all that is allocated and in no open parcel

// One line of an edit: how many pieces are ordered now (0 removes it), or, without a number, a new line.
struct EditLine {
  std::optional<std::size_t> line{};
  std::int64_t quantity = 0;
  std::string sku{}, title{};    // of a new line; no SKU: a free line
  std::optional<Money> price{};  // of one piece of a new line
};
struct OrderEdit {
  std::vector<EditLine> lines{};
  std::optional<Money> shipping_cost{};
  std::string message{};  // becomes a sealed note of the team
  std::string key{};      // the caller's own: the same one again is the same edit
};

// How pieces are given back at a cancellation: what was picked and not packed into another order's hands lies on a
// table, and what was missing may not be there at all.
struct CancelFate {
  PickedFate picked = PickedFate::restock;
  MissingFate missing = MissingFate::restock;
};
// Open orders that go to the same buyer at the same address by the same service.
struct TogetherGroup {
  std::vector<Order> orders{};  // at least two, earliest promise first
};
struct TogetherGroups {
  std::vector<TogetherGroup> groups{};
  std::uint64_t looked = 0, open = 0;  // of the open orders, kTogetherLooked at most are compared
};

struct OrderPage {
  std::vector<Order> orders;
  std::uint64_t total = 0;
  std::string next_cursor;
  std::vector<std::pair<std::string, std::uint64_t>> status_counts, tag_counts, attention_counts;
};

inline constexpr std::size_t kRecountedOfDayMax = 5'000'000;  // orders: more than any shop places in a day
struct SalesRecounted {
  std::uint64_t orders = 0;
  std::uint64_t mended = 0;  // records of sums, each of a channel and a currency
};

struct Tracked;         // tracking.h
struct ReportQuestion;  // reports.h
struct ReportRow;

class Orders {
 public:
  static std::vector<storage::Family> families();  // "orders", "order_index", "sale_totals"
  // `events` null: changes are told to nobody.
  Orders(storage::Store& store, stock::Stock& stock, vault::Vault& vault, audit::Audit& audit, const Clock& clock,
         events::Events* events = nullptr);

  // Brings the index and the sums of sales of an older ProductFlow up to date, a minute for some hundred thousand
  // orders. For the house, before anybody asks, and after categorise_by().
  Result<> prepare() {
    PF_TRY(index_.complete(store_));
    return count_sales(false);
  }

  // The same channel and number again is the same order: what the source carries is brought up to date, nothing
  // doubled.
  Result<Placed> place(const access::Actor& by, const PlaceOrder& order, StockPolicy policy);
  Result<Placed> place_in(storage::Write& work, const access::Actor& by, const PlaceOrder& order, StockPolicy policy);

  // --- the shop's own rules (order_ruling.cpp)
  // Asked for each order that is new. For the house, before anybody places.
  void on_placed(OrderRuling ruling) { ruling_ = std::move(ruling); }
  // Does what rules say, in their names; what an order cannot take (a twenty-first tag) is left out.
  Result<OrderRuled> follow(storage::Write& work, OrderId id, std::span<const OrderAct> acts);
  // Takes it back where nobody has since; whether anything was.
  Result<bool> unfollow(storage::Write& work, const access::Actor& by, OrderId id, const OrderRuled& ruled);

  Result<Order> find(const storage::Reader& read, OrderId id) const;  // not_found with a sentence
  Result<std::vector<stock::Location>> locations(const storage::Reader& read) const { return stock_.locations(read); }
  Result<std::vector<Event>> events(const storage::Reader& read, OrderId id) const;
  // The same by parts: at most `count` of those with a number > `after`, oldest first.
  Result<std::vector<Event>> events_after(const storage::Reader& read, OrderId id, std::uint32_t after,
                                          std::size_t count) const;
  Result<std::vector<Event>> events_remembered(const storage::Reader& read, const Order& order) const;
  // Whether one of those bears `key` as its details' `member`: its request was sent again. The empty key is nobody's.
  Result<bool> heard_before(const storage::Reader& read, const Order& order, std::string_view member,
                            std::string_view key) const;
  // Looks at every order's entry in the index and mends what is wrong of it (search/rebuild.h).
  Result<search::Rebuilt> rebuild_index(storage::Store& store, const std::filesystem::path& folder,
                                        const search::Watch& watch);
  // Invalid, with every fault, for a column, operator or value that the list does not have.
  Result<OrderPage> list(const storage::Reader& read, const OrderQuery& query) const;
  // Gives every order that fits to `take`, in the query's order, and says how many they are; beyond `at_most` none is
  // given. What fits is found once, where pages would look for it again each.
  Result<std::uint64_t> walk(const storage::Reader& read, const OrderQuery& query, std::size_t at_most,
                             const std::function<Result<>(const Order&)>& take) const;
  // How many orders fit, whatever the sort and page.
  Result<std::uint64_t> count(const storage::Reader& read, const OrderQuery& query) const;

  Result<Order> accept(const access::Actor& by, OrderId id);
  Result<Order> ship(const access::Actor& by, OrderId id, const Shipment& shipment);
  // Says which product a line is of, when its channel's number is no product's. Its pieces come from that product's
  // stock from then on. conflict once some of it has been shipped or cancelled; the same product again is nothing.
  // REQUIRES: there is such a product.
  Result<Order> link_line(const access::Actor& by, OrderId id, std::size_t line, std::string_view sku);
  // Changes lines and shipping cost of what has not been shipped, all or nothing; the stock follows, and the total by
  // the same amount. conflict, with every reason, for less than is shipped, cancelled or refunded, and for an order of
  // which nothing is left to ship or that a marketplace ships.
  Result<Order> edit(const access::Actor& by, OrderId id, const OrderEdit& edit);
  // `lines` empty: all that has not been shipped. Of these, untouched pieces go first, then missing, then picked ones;
  // damaged and lost pieces leave the stock with that reason.
  Result<Order> cancel(const access::Actor& by, OrderId id, std::string_view reason,
                       const std::vector<std::pair<std::size_t, std::int64_t>>& lines, CancelFate fate = {});

  // --- what a person has to look at (order_attention.cpp)
  // Says whether a SKU is a product's. For the house, before anybody places; without it no SKU is unknown.
  using Knows = std::function<Result<bool>(const storage::Reader&, std::string_view sku)>;
  void know_products(Knows knows) { knows_ = std::move(knows); }
  // Somebody looked, and it is all right. Again is nothing; not_found where there is no such mark.
  Result<Order> dismiss(const access::Actor& by, OrderId id, Attention kind);
  // A SKU is no product's any more: look_again() marks the open orders that have it.
  void note_gone(storage::Write& work, std::string_view sku);
  // Takes the mark off orders whose SKUs have become products' since, and puts it on those whose products are gone; how
  // many. Looks at the next kMarkedLooked orders and SKUs.
  Result<std::size_t> look_again();

  // --- what reports add up (sale_totals.cpp, reports.h)
  // Says in which category a SKU is, empty for none; a line keeps it as it was when it was ordered. For the house,
  // before anybody places; without it none has one.
  using CategoryOf = std::function<Result<std::string>(const storage::Reader&, std::string_view sku)>;
  void categorise_by(CategoryOf category_of) { category_of_ = std::move(category_of); }
  // Adds up all that was ever sold, unless that is done. Anew: in the categories that products have now.
  // REQUIRES: nobody writes meanwhile. Killed at any instant, the next call begins again.
  Result<> count_sales(bool anew);
  // Adds up the orders of one day (UTC) and mends what its sums say otherwise (sale_recount.cpp), whoever writes
  // meanwhile. too_large above kRecountedOfDayMax orders. `mends`: called in the unit of work that mends, if one does.
  Result<SalesRecounted> recount_sales(std::chrono::sys_days day,
                                       const std::function<void(storage::Write&, const SalesRecounted&)>& mends = {});
  // The first day from `from` on that has orders, or sums.
  Result<std::optional<std::chrono::sys_days>> next_sales_day(const storage::Reader& read,
                                                              std::chrono::sys_days from) const;

  // --- sending in parts and together (order_together.cpp)
  // So many pieces of these lines, and none else, leave later: they stay promised, and are neither picked nor shipped
  // until they are taken back (no lines). conflict for pieces that are picked, missing, or not there.
  Result<Order> send_later(const access::Actor& by, OrderId id,
                           const std::vector<std::pair<std::size_t, std::int64_t>>& lines);
  // Where its pieces shall come from: what is promised elsewhere is promised there instead, as far as there are free
  // ones, and what waits comes from there first. Nothing once it is picked. Empty: as the ranks say, from now on.
  Result<Order> choose_location(const access::Actor& by, OrderId id, std::string_view code);
  // Compared inside the vault; `unavailable` while it is sealed.
  Result<TogetherGroups> together(const storage::Reader& read) const;
  // One parcel with one tracking number, of all these orders or of none: what is ready of each, or its open parcel of
  // that name. Each order stays itself. conflict, with every reason, unless they go to the same buyer and address.
  Result<std::vector<Order>> ship_together(const access::Actor& by, const std::vector<OrderId>& ids,
                                           const Shipment& shipment);
  // Keeps an order from being picked and shipped until every hold on it is released; what its channel says, cancelling
  // and notes go on. `message`, if any, becomes a note of the team in the same unit of work. The same person with the
  // same reason again: the hold that there is.
  Result<Order> hold(const access::Actor& by, OrderId id, HoldReason reason, std::string_view message = {});
  // not_found when there is no such hold, or no longer.
  Result<Order> release(const access::Actor& by, OrderId id, std::uint32_t hold);
  // A word of the shop's own, kept as trimmed lower-case letters. Twice is once, and taking off what is not there is
  // nothing.
  Result<Order> tag(const access::Actor& by, OrderId id, std::string_view tag);
  Result<Order> untag(const access::Actor& by, OrderId id, std::string_view tag);

  // Sealed, since notes name people: gone with the order's buyer, and if he is gone already, 30 days after it was
  // written.
  Result<> note(const access::Actor& by, OrderId id, std::string_view message, Audience audience = Audience::team);
  // A note's text; nothing once it is gone.
  std::optional<std::string> note_text(OrderId id, const Event& event) const;

  // The order of a hit of the vault's index; nothing if there is none.
  Result<std::optional<Order>> find_by_person(const storage::Reader& read, std::string_view rid) const;
  // Every order whose buyer's data lives, by number. Ends with the Error that `visit` gives.
  Result<> each_living(const storage::Reader& read, const std::function<Result<>(const Order&)>& visit) const;
  // Erases the buyers of these orders and the notes about them, now; the orders stay. Certified. Orders whose buyer is
  // gone already are left out. not_found for one that there is not: then none is erased.
  Result<vault::ErasureReport> erase_buyers(const access::Actor& by, const std::vector<OrderId>& ids,
                                            std::string_view reason);
  Result<vault::Buyer> reveal(const access::Actor& by, OrderId id, std::string_view reason);
  // The same of several in one unit of work, in their order; an Error of one is of all.
  Result<std::vector<vault::Buyer>> reveal(const access::Actor& by, std::span<const OrderId> ids,
                                           std::string_view reason);
  // Gives free pieces of a SKU to the lines that wait for it, oldest order first. `made_anew`: it is made of other
  // parts than before, so whoever waits for it waits for those from now on, whether there are any or not.
  Result<> fill_backorders(storage::Write& work, std::string_view sku, bool made_anew = false);
  // The same for every SKU that somebody waits for, each in a unit of its own: after a location was opened.
  Result<> fill_everybody();
  bool anybody_waits(const storage::Reader& read) const;  // for pieces of any SKU

 private:
  // order_list.cpp: what fits a question, but for its conditions on one field.
  Result<search::Filter> filter_of(const storage::Reader& read, const OrderQuery& query,
                                   std::string_view without_field = {}) const;
  friend Result<std::vector<ReportRow>> report(const Orders&, const storage::Reader&, const ReportQuestion&);
  friend class Batches;  // as Returns
  friend Result<catalog::Outcome> track(storage::Write&, Orders&, const access::Actor&, OrderId, const Tracked&);
  friend class Fulfilment;  // as Returns
  friend class Invoices;    // as Returns
  friend class Refunds;     // as Returns
  friend class Returns;     // shares an order's unit of work: find, append_event, append_note, save
  // Keeps what `how` did, if it appended an event; without one nothing has happened.
  Result<Order> change(const access::Actor& by, OrderId id, std::string_view action,
                       const std::function<Result<>(storage::Write&, Order&)>& how);
  // The same in the caller's unit of work.
  Result<Order> change_in(storage::Write& work, const access::Actor& by, OrderId id, std::string_view action,
                          const std::function<Result<>(Order&)>& how);
  Result<> save(storage::Write& work, const Order* before, Order& after);
  Result<> tell(storage::Write& work, const Order* before, const Order& after);
  Result<> append_event(storage::Write& work, Order& order, const access::Actor& by, std::string_view kind,
                        json::Value details);
  Result<> append_note(storage::Write& work, Order& order, const access::Actor& by, std::string_view message,
                       Audience audience);
  Result<OrderRuled> follow(storage::Write& work, Order& order, std::span<const OrderAct> acts);
  Result<std::optional<catalog::Outcome>> merge_again(storage::Write& work, const access::Actor& by, Order& order,
                                                      const PlaceOrder& sent, std::int64_t& cancel_by_hand);
  // Promises pieces of the stock to a line, as many of `wanted` as there are, and says how many; the counters are the
  // caller's. REQUIRES: from_stock. And finds out whether it is a kit, unless it has had pieces already.
  Result<std::int64_t> give(storage::Write& work, Line& line, std::int64_t wanted,
                            std::optional<stock::LocationId> prefer);
  // Gives promised pieces back; takes them off `allocated`.
  Result<> give_back(storage::Write& work, Line& line, std::int64_t pieces);
  // Pieces leave the house; takes them off `allocated`. From where, if it is no kit.
  Result<std::vector<stock::Share>> send_off(storage::Write& work, Line& line, std::int64_t pieces,
                                             std::optional<stock::LocationId> from = std::nullopt);
  Result<> set_quantity(storage::Write& work, const Order& order, Line& line, std::int64_t wanted);
  // What changed of each line, for the timeline; `freed` gets the SKUs that were given back.
  Result<json::Value> set_lines(storage::Write& work, Order& order, const OrderEdit& edit,
                                std::vector<std::string>& freed);
  // What became of picked and missing pieces, for the timeline; null if there were none.
  Result<json::Value> release_lines(storage::Write& work, const access::Actor& by, Order& order,
                                    const std::vector<std::pair<std::size_t, std::int64_t>>& lines,
                                    CancelFate fate = {});
  Result<> ship_in(storage::Write& work, const access::Actor& by, Order& order, const Shipment& shipment,
                   const std::vector<OrderId>& together);
  Result<> gather(storage::Write& work, Order& order, stock::LocationId at);
  Result<> categorise(const storage::Reader& read, const Order* before, Order& order) const;
  Result<> mark_unknown(const storage::Reader& read, Order& order) const;
  Result<std::size_t> mark_gone();
  // Looks at these orders' SKUs in one unit of work; how many marks came or went.
  Result<std::size_t> mark_again(std::span<const OrderId> ids, std::string_view done_with = {});
  Result<> mark_duplicate(storage::Write& work, Order& order, const vault::Buyer& buyer);

  storage::Store& store_;
  stock::Stock& stock_;
  vault::Vault& vault_;
  audit::Audit& audit_;
  const Clock& clock_;
  events::Events* const told_;
  OrderRuling ruling_;
  Knows knows_{};
  CategoryOf category_of_{};
  std::uint64_t marked_after_ = 0;  // where look_again() goes on
  std::mutex looking_{};            // guards it
  search::Index index_;
  storage::FamilyRef family_, totals_;
};

}  // namespace pf::orders
