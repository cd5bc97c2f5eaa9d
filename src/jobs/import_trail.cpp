#include "jobs/import_trail.h"

#include "crypto/crypto.h"
#include "json/members.h"
#include "productflow/bytes.h"
#include "productflow/text.h"

namespace pf::jobs {
namespace {

using Part = ImportTrail::Part;

std::string record_prefix(std::uint64_t import, Part part) {
  std::string key = "d";
  put_be64(key, import);
  key.push_back(static_cast<char>(part));
  return key;
}
std::string record_key(std::uint64_t import, Part part, std::uint32_t number) {
  std::string key = record_prefix(import, part);
  put_be32(key, number);
  return key;
}
std::string count_key(std::uint64_t import, Part part) {
  std::string key = record_prefix(import, part);
  key[0] = 'c';
  return key;
}

struct Size {
  std::uint32_t records = 0;
  std::uint64_t entries = 0;
};
Size size_of(const std::optional<std::string>& record) {
  return record && record->size() == 12 ? Size{get_be32(*record), get_be64(std::string_view(*record).substr(4))}
                                        : Size{};
}

json::Value list_of(std::vector<json::Value> items) {
  json::Value out = json::Value::array();
  for (json::Value& item : items) out.push(std::move(item));
  return out;
}

std::string mark_of(const json::Value& said) {
  return hex(crypto::sha256(json::write(said)));
}

Error damaged() {
  return error(ErrorCode::internal, "What this import set is damaged, so it cannot be taken back.");
}

Result<exchange::SetBeside> set_of(const json::Value& in) {
  const auto* all = in.as_array();
  const auto text = [&](std::size_t i) { return (*all)[i].as_string() != nullptr ? *(*all)[i].as_string() : ""; };
  const auto number = [&](std::size_t i) { return (*all)[i].as_int().value_or(0); };
  if (all == nullptr || all->size() < 4) return damaged();
  const std::string kind = text(0);
  if (kind == "s") return exchange::SetBeside(exchange::SetShelf{text(1), text(2), text(3)});
  if (all->size() < 5) return damaged();
  if (kind == "p") {
    exchange::SetPieces pieces{text(1),
                               {static_cast<std::uint64_t>(number(2)), static_cast<std::uint64_t>(number(3)), {}}};
    const auto* shares = (*all)[4].as_array();
    if (shares == nullptr || shares->size() % 2 != 0) return damaged();
    for (std::size_t i = 0; i < shares->size(); i += 2)
      pieces.moved.pieces.push_back(
          {static_cast<stock::LocationId>((*shares)[i].as_int().value_or(0)), (*shares)[i + 1].as_int().value_or(0)});
    return exchange::SetBeside(std::move(pieces));
  }
  if (kind != "d" && kind != "r") return damaged();
  return exchange::SetBeside(exchange::SetRecord{kind == "r", text(1), text(2), (*all)[3], (*all)[4]});
}

}  // namespace

bool ImportTrail::is_as_left(const json::Value& now, const exchange::SetRecord& set) {
  return set.after.as_string() != nullptr && mark_of(now) == *set.after.as_string();
}

Result<> ImportTrail::note(storage::Write& work, std::uint64_t import,
                           const std::vector<exchange::SetBeside>& set) const {
  // Written as it goes: an import of stock has an entry for each row.
  List house, model;
  for (const exchange::SetBeside& one : set) {
    if (const auto* pieces = std::get_if<exchange::SetPieces>(&one)) {
      std::string& out = house.next();
      out += "[\"p\",";
      json::write(json::Value(pieces->sku), out);
      out.append(",")
          .append(std::to_string(pieces->moved.first))
          .append(",")
          .append(std::to_string(pieces->moved.last));
      out += ",[";
      for (const stock::Share& share : pieces->moved.pieces)
        out.append(&share == pieces->moved.pieces.data() ? "" : ",")
            .append(std::to_string(share.location))
            .append(",")
            .append(std::to_string(share.pieces));
      out += "]]";
    } else if (const auto* shelf = std::get_if<exchange::SetShelf>(&one)) {
      json::write(list_of({"s", shelf->sku, shelf->before, shelf->after}), house.next());
    } else if (const auto* record = std::get_if<exchange::SetRecord>(&one)) {
      json::write(
          list_of({record->reference ? "r" : "d", record->kind, record->code, record->before, mark_of(record->after)}),
          model.next());
    }
  }
  PF_TRY(note(work, import, Part::house, house));
  return note(work, import, Part::model, model);
}

Result<> ImportTrail::note(storage::Write& work, std::uint64_t import, Part part, const List& set) const {
  if (set.count == 0) return {};
  PF_LET(const auto known, work.get(family_, count_key(import, part)));
  Size size = size_of(known);
  if (size.records == 0 && import > catalog::kUnitsMax) {  // those that no undo can be of any more
    std::vector<std::string> old;
    const std::uint64_t first_kept = import - catalog::kUnitsMax + 1;
    for (const char mark : {'c', 'd'}) {
      std::string kept(1, mark);
      put_be64(kept, first_kept);
      for (auto row = work.scan(family_, std::string_view(&mark, 1), kept); row.valid(); row.next())
        old.emplace_back(row.key());
    }
    for (const std::string& key : old) work.erase(family_, key);
  }
  work.put(family_, record_key(import, part, size.records), set.text + "]");
  std::string count;
  put_be32(count, size.records + 1);
  put_be64(count, size.entries + set.count);
  work.put(family_, count_key(import, part), count);
  return {};
}

Result<std::uint64_t> ImportTrail::count(const storage::Reader& read, std::uint64_t import) const {
  std::uint64_t all = 0;
  for (const Part part : {Part::house, Part::model}) {
    PF_LET(const auto record, read.get(family_, count_key(import, part)));
    all += size_of(record).entries;
  }
  return all;
}

Result<std::optional<ImportTrail::Some>> ImportTrail::last(const storage::Reader& read, std::uint64_t import, Part part,
                                                           std::uint64_t before) const {
  PF_LET(const auto size, read.get(family_, count_key(import, part)));
  const std::uint64_t number = std::min<std::uint64_t>(size_of(size).records, before);
  if (number == 0) return std::optional<Some>();
  Some out{static_cast<std::uint32_t>(number - 1), {}};
  PF_LET(const auto record, read.get(family_, record_key(import, part, out.number)));
  if (!record) return damaged();
  PF_LET(const auto list, json::parse(*record));
  if (list.as_array() == nullptr) return damaged();
  for (const json::Value& one : *list.as_array()) {
    PF_LET(out.set.emplace_back(), set_of(one));
  }
  return std::optional(std::move(out));
}

}  // namespace pf::jobs
