#include "orders/sale_totals.h"

#include <algorithm>
#include <set>

#include "orders/order_keys.h"
#include "orders/order_record.h"

namespace pf::orders {
namespace {

constexpr std::string_view kCountedKey = "v", kCounted = "1";
constexpr std::size_t kCountedAtOnce = 1'000;  // orders of one unit of work
// What one line can be worth: no shop comes near, and nine thousand of them still add up.
constexpr std::int64_t kLineMinorMax = 1'000'000'000'000'000;

std::int64_t plus(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}

void put_varint(std::string& out, std::uint64_t number) {
  for (; number >= 0x80; number >>= 7) out.push_back(static_cast<char>(number | 0x80));
  out.push_back(static_cast<char>(number));
}
void put_signed(std::string& out, std::int64_t number) {
  put_varint(out, (static_cast<std::uint64_t>(number) << 1) ^ static_cast<std::uint64_t>(number >> 63));
}

// Nothing is left of damaged bytes after the first that make no sense.
class SumReader {
 public:
  explicit SumReader(std::string_view bytes) : rest_(bytes) {}
  bool next(std::string_view& name, SaleSums& sums) {
    if (rest_.empty()) return false;
    const std::uint64_t length = number();
    if (length > rest_.size()) return false;
    name = rest_.substr(0, length);
    rest_.remove_prefix(length);
    for (std::int64_t* sum : {&sums.orders, &sums.units, &sums.units_returned, &sums.sales_minor, &sums.refunded_minor,
                              &sums.due, &sums.on_time})
      *sum = signed_number();
    for (std::uint64_t left = number(); left > 0 && !rest_.empty(); --left) {
      const std::int64_t minute = signed_number();
      sums.waiting[minute] = signed_number();
    }
    return whole_;
  }

 private:
  std::uint64_t number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; !rest_.empty() && shift < 64; shift += 7) {
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    whole_ = false;
    rest_ = {};
    return 0;
  }
  std::int64_t signed_number() {
    const std::uint64_t value = number();
    return static_cast<std::int64_t>((value >> 1) ^ (~(value & 1) + 1));
  }
  std::string_view rest_;
  bool whole_ = true;
};

void add_record(std::string_view record, SumsByName& all) {
  SumReader reader(record);
  std::string_view name;
  for (SaleSums sums; reader.next(name, sums); sums = {}) {
    const auto at = all.find(name);
    (at != all.end() ? at->second : all[std::string(name)]).add(sums);
  }
}

std::string write_sums(const SumsByName& all) {
  std::string out;
  for (const auto& [name, sums] : all) {
    if (sums.is_zero()) continue;
    put_varint(out, name.size());
    out += name;
    for (const std::int64_t sum :
         {sums.orders, sums.units, sums.units_returned, sums.sales_minor, sums.refunded_minor, sums.due, sums.on_time})
      put_signed(out, sum);
    const auto waits = [](const auto& one) { return one.second != 0; };
    put_varint(out, static_cast<std::uint64_t>(std::ranges::count_if(sums.waiting, waits)));
    for (const auto& [minute, orders] : sums.waiting)
      if (orders != 0) {
        put_signed(out, minute);
        put_signed(out, orders);
      }
  }
  return out;
}

void add_order(SaleSums& sums, const Order& order) {
  ++sums.orders;
  // It does not count where it was cancelled, was shipped elsewhere, or has no time to be shipped by.
  const OrderStatus status = status_of(order);
  if (!order.ship_by || order.by_marketplace || status == OrderStatus::cancelled) return;
  if (status != OrderStatus::shipped) {
    ++sums.waiting[std::chrono::floor<std::chrono::minutes>(*order.ship_by).time_since_epoch().count()];
  } else if (!order.parcels.empty()) {
    ++sums.due;
    sums.on_time += std::ranges::max(order.parcels, {}, &Parcel::at).at <= *order.ship_by ? 1 : 0;
  }
}

void add_line(SaleSums& sums, const Line& line) {
  const std::int64_t units = line.count.ordered - line.count.cancelled;
  sums.units += units;
  sums.units_returned += line.count.returned;
  if (!line.price) return;
  const auto worth = multiply(*line.price, units);
  sums.sales_minor = plus(sums.sales_minor, worth.ok() ? std::min(worth->minor, kLineMinorMax) : kLineMinorMax);
}

}  // namespace

void SaleSums::add(const SaleSums& other, std::int64_t times) {
  const auto add_up = [&](std::int64_t& sum, std::int64_t more) {
    sum = static_cast<std::int64_t>(static_cast<std::uint64_t>(sum) +
                                    static_cast<std::uint64_t>(more) * static_cast<std::uint64_t>(times));
  };
  add_up(orders, other.orders);
  add_up(units, other.units);
  add_up(units_returned, other.units_returned);
  add_up(sales_minor, other.sales_minor);
  add_up(refunded_minor, other.refunded_minor);
  add_up(due, other.due);
  add_up(on_time, other.on_time);
  for (const auto& [minute, count] : other.waiting) {
    std::int64_t& sum = waiting[minute];
    add_up(sum, count);
    if (sum == 0) waiting.erase(minute);
  }
}

bool SaleSums::is_zero() const {
  return *this == SaleSums{};
}

std::string sales_from(SaleKind kind, std::chrono::sys_days day) {
  std::string key(1, static_cast<char>(kind));
  put_be32(key, static_cast<std::uint32_t>(day.time_since_epoch().count()) ^ 0x8000'0000u);
  return key;
}

std::string sale_key(SaleKind kind, const Order& order) {
  return sales_from(kind, std::chrono::floor<std::chrono::days>(order.placed_at)) + order.channel +
         std::string(1, '\0') + std::string(order.currency.code());
}

SaleKey sale_key_of(std::string_view key) {
  const auto day = static_cast<std::int32_t>(get_be32(key.substr(1)) ^ 0x8000'0000u);
  key.remove_prefix(5);
  const std::size_t end = std::min(key.find('\0'), key.size());
  return {std::chrono::sys_days(std::chrono::days{day}), key.substr(0, end), key.substr(std::min(end + 1, key.size()))};
}

SumsByName read_sums(std::string_view record) {
  SumsByName all;
  add_record(record, all);
  return all;
}

storage::Family sale_totals_family() {
  const auto folded = [](std::span<const std::string_view> operands) {
    SumsByName all;
    for (const std::string_view operand : operands) add_record(operand, all);
    return write_sums(all);
  };
  return {.name = std::string(kSaleTotalsFamily),
          .is_empty = [](std::string_view record) { return record.empty(); },
          .merge =
              [](std::optional<std::string_view> old_record, std::span<const std::string_view> operands) {
                SumsByName all;
                if (old_record) add_record(*old_record, all);
                for (const std::string_view operand : operands) add_record(operand, all);
                return write_sums(all);
              },
          .fold = folded};
}

SumsByName sums_of(const Order& order, SaleKind kind) {
  SumsByName all;
  if (kind == SaleKind::day) {
    SaleSums& sums = all[""];
    add_order(sums, order);
    for (const Line& line : order.lines) add_line(sums, line);
    sums.refunded_minor = order.refunded.total_minor;
    return all;
  }
  for (const Line& line : order.lines) {
    if (line.count.ordered == 0) continue;
    const auto [at, is_new] = all.try_emplace(line.category);
    if (is_new) add_order(at->second, order);
    add_line(at->second, line);
    at->second.refunded_minor = plus(at->second.refunded_minor, line.refunded_minor);
  }
  return all;
}

void add_sums(storage::Write& work, storage::FamilyRef family, std::string_view key, const SumsByName& more) {
  if (const std::string operand = write_sums(more); !operand.empty()) work.merge(family, key, operand);
}

void count_sale(storage::Write& work, storage::FamilyRef family, const Order* before, const Order& after) {
  for (const SaleKind kind : {SaleKind::day, SaleKind::category}) {
    SumsByName changes = sums_of(after, kind);
    // An order's day, channel and currency are what it was placed with.
    if (before != nullptr)
      for (const auto& [name, sums] : sums_of(*before, kind)) changes[name].add(sums, -1);
    add_sums(work, family, sale_key(kind, after), changes);
  }
}

Result<> Orders::categorise(const storage::Reader& read, const Order* before, Order& order) const {
  if (!category_of_) return {};
  const auto unknown = [](const Order& one) {
    return std::ranges::find(one.marks, Attention::unknown_sku, &Mark::kind) != one.marks.end();
  };
  // A number that was no product's has become one.
  const bool known_now = before != nullptr && unknown(*before) && !unknown(order);
  for (std::size_t i = 0; i < order.lines.size(); ++i) {
    Line& line = order.lines[i];
    const bool same = before != nullptr && i < before->lines.size() && before->lines[i].sku == line.sku;
    if (line.sku.empty() || (same && !(known_now && line.category.empty()))) continue;
    PF_LET(line.category, category_of_(read, line.sku));
  }
  return {};
}

Result<> Orders::count_sales(bool anew) {
  PF_LET(const auto counted, store_.read().get(totals_, kCountedKey));
  if (!anew && counted == kCounted) return {};
  if (counted && *counted != kCounted)
    return error(ErrorCode::unsupported, "A newer ProductFlow has added up what was sold: start that one.");
  for (bool more = true; more;)
    PF_TRY(store_.write([&](storage::Write& work) -> Result<> {
      const auto read = store_.read();
      std::vector<std::string> keys;
      for (auto row = read.scan(totals_, {}, {}); row.valid() && keys.size() < kCountedAtOnce; row.next())
        keys.emplace_back(row.key());
      for (const std::string& key : keys) work.erase(totals_, key);
      more = !keys.empty();
      return {};
    }));
  for (std::string from = order_key(0), end = order_key(UINT64_MAX); !from.empty();)
    PF_TRY(store_.write([&](storage::Write& work) -> Result<> {
      const auto read = store_.read();
      std::map<std::string, SumsByName> sums;
      auto row = read.scan(family_, from, end);
      for (std::size_t i = 0; row.valid() && i < kCountedAtOnce; row.next(), ++i) {
        PF_LET(Order order, read_order(OrderId(get_be64(row.key().substr(1))), row.value()));
        bool changed = false;
        for (Line& line : order.lines) {
          if (line.sku.empty() || !category_of_ || (!anew && !line.category.empty())) continue;
          PF_LET(auto category, category_of_(read, line.sku));
          changed = changed || category != line.category;
          line.category = std::move(category);
        }
        if (changed) work.put(family_, row.key(), write_order(order));
        for (const SaleKind kind : {SaleKind::day, SaleKind::category}) {
          SumsByName& all = sums[sale_key(kind, order)];
          for (const auto& [name, one] : sums_of(order, kind)) all[name].add(one);
        }
      }
      for (const auto& [key, all] : sums) work.merge(totals_, key, write_sums(all));
      from = row.valid() ? std::string(row.key()) : std::string();
      return {};
    }));
  return store_.write([&](storage::Write& work) -> Result<> {
    work.put(totals_, kCountedKey, kCounted);
    return {};
  });
}

}  // namespace pf::orders
