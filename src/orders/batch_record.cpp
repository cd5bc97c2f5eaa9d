#include "orders/batch_record.h"

#include "json/members.h"
#include "orders/batch_keys.h"
#include "orders/order_record.h"

namespace pf::orders {
namespace {

Result<> known_batch_version(const json::Value& in, const std::string& what) {
  if (json::number_in(in, "v") == kBatchVersion) return {};
  return error(ErrorCode::unsupported,
               what + " was written by a newer ProductFlow. Start that one, or restore a backup.");
}

}  // namespace

// Stored on disk: do not change; a new member is one that may lack, or a new version.
std::string write_batch(const Batch& batch) {
  json::Value orders = json::Value::array(), channels = json::Value::array();
  for (const OrderId id : batch.orders) orders.push(id.raw());
  for (const std::string& channel : batch.channels) channels.push(channel);
  return json::write(json::Value::object({{"v", kBatchVersion},
                                          {"st", name_of(kBatchStatusNames, batch.status)},
                                          {"by", batch.by},
                                          {"cr", stored_ms(batch.created_at)},
                                          {"up", stored_ms(batch.updated_at)},
                                          {"sc", batch.scans},
                                          {"o", std::move(orders)},
                                          {"ch", std::move(channels)}}));
}

Result<Batch> read_batch(BatchId id, std::string_view record) {
  PF_LET(const auto in, json::parse(record));
  PF_TRY(known_batch_version(in, "The batch " + std::to_string(id.raw())));
  Batch batch;
  batch.id = id;
  batch.status = value_named<BatchStatus>(kBatchStatusNames, json::text_in(in, "st")).value_or(BatchStatus::stopped);
  batch.by = json::text_in(in, "by");
  batch.created_at = stored_time(in, "cr");
  batch.updated_at = stored_time(in, "up");
  batch.scans = static_cast<std::uint32_t>(json::number_in(in, "sc"));
  if (const json::Value* orders = in.find("o"); orders != nullptr && orders->as_array() != nullptr)
    for (const json::Value& one : *orders->as_array())
      batch.orders.emplace_back(static_cast<std::uint64_t>(one.as_int().value_or(0)));
  if (const json::Value* channels = in.find("ch"); channels != nullptr && channels->as_array() != nullptr)
    for (const json::Value& one : *channels->as_array())
      if (one.as_string() != nullptr) batch.channels.push_back(*one.as_string());
  return batch;
}

std::string write_done(const Batches::Done& done) {
  json::Value parts = json::Value::array();
  for (const auto& part : done.parts) {
    json::Array one{json::Value(part.order.raw()), json::Value(part.event),
                    json::Value(static_cast<std::uint64_t>(part.line)), json::Value(part.pieces)};
    if (!part.sku.empty()) one.push_back(json::Value(part.sku));
    parts.push(json::Value(std::move(one)));
  }
  json::Value out = json::Value::object(
      {{"v", kBatchVersion}, {"k", done.kind}, {"by", done.by}, {"at", stored_ms(done.at)}, {"p", std::move(parts)}});
  if (done.undone) out.set("un", true);
  return json::write(out);
}

Result<Batches::Done> read_done(std::uint32_t number, std::string_view record) {
  PF_LET(const auto in, json::parse(record));
  PF_TRY(known_batch_version(in, "A batch's scan"));
  Batches::Done done{.number = number,
                     .kind = json::text_in(in, "k"),
                     .by = json::text_in(in, "by"),
                     .at = stored_time(in, "at"),
                     .undone = json::flag_in(in, "un")};
  if (const json::Value* parts = in.find("p"); parts != nullptr && parts->as_array() != nullptr)
    for (const json::Value& part : *parts->as_array()) {
      if (part.as_array() == nullptr || part.as_array()->size() < 4) continue;
      const json::Array& said = *part.as_array();
      const auto number_at = [&](std::size_t at) { return said[at].as_int().value_or(0); };
      done.parts.push_back({OrderId(static_cast<std::uint64_t>(number_at(0))), static_cast<std::uint32_t>(number_at(1)),
                            static_cast<std::size_t>(number_at(2)), number_at(3),
                            said.size() > 4 && said[4].as_string() != nullptr ? *said[4].as_string() : ""});
    }
  return done;
}

}  // namespace pf::orders
